-- Run by tests/editors.sh: opens a faulty policy, reads what Neovim shows, cures it, and looks at
-- the colours. Ends with exit code 1 where something is not as it should be.

local function fail(what)
  io.stderr:write(what .. '\n')
  vim.cmd('cquit 1')
end

local function equal(found, expected, what)
  if not vim.deep_equal(found, expected) then
    fail(what .. ': ' .. vim.inspect(found) .. ' is not ' .. vim.inspect(expected))
  end
end

local function wait(what, passes)
  if not vim.wait(30000, passes, 20) then
    fail('waited in vain: ' .. what)
  end
end

vim.cmd('edit pay.rbp')
equal(vim.bo.filetype, 'rbp', 'file type')
wait('a finding', function() return #vim.diagnostic.get(0) > 0 end)
local found = vim.diagnostic.get(0)
equal(#found, 1, 'findings')
local d = found[1]
-- Neovim counts bytes, the server 16-bit units: the title with its umlaut and emoji is in between.
equal({ d.lnum, d.col, d.end_lnum, d.end_col }, { 1, 61, 1, 63 }, 'place')
equal(d.severity, vim.diagnostic.severity.ERROR, 'severity')
equal(d.source, 'rbp', 'source')
equal(d.user_data.lsp.code, 'single-point-of-failure', 'code')
print(('pay.rbp:%d:%d: %s'):format(d.lnum + 1, d.col + 1, d.message:match('[^\n]*')))

vim.api.nvim_buf_set_text(0, 1, 61, 1, 63, { '1 of [db, b]' })
vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'dependency b' })
wait('the cure', function() return #vim.diagnostic.get(0) == 0 end)
print('cured: no finding is left')

-- What an element is for, and its name changed wherever it stands.
local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', {
  textDocument = vim.lsp.util.make_text_document_params(),
  position = { line = 1, character = 12 },
}, 30000)
local _, answer = next(answers or {})
local hover = answer and answer.result and answer.result.contents.value or ''
if not hover:find('pay', 1, true) then
  fail('what is shown of `db` does not name `pay`: ' .. hover)
end
print('hover: ' .. hover:match('[^\n]*'))
vim.api.nvim_win_set_cursor(0, { 2, 12 })
vim.lsp.buf.rename('books')
wait('the new name', function() return vim.api.nvim_buf_get_lines(0, 2, 3, false)[1]:find('books', 1, true) end)
equal(vim.api.nvim_buf_get_lines(0, 1, 2, false)[1], 'dependency books', 'the renamed declaration')
vim.lsp.buf.rename('db')
wait('the old name', function() return vim.api.nvim_buf_get_lines(0, 1, 2, false)[1] == 'dependency db' end)
print('rename: in both places')

local function group(line, column)
  if vim.treesitter.start then
    local captures = vim.treesitter.get_captures_at_pos(0, line - 1, column - 1)
    return captures[#captures] and captures[#captures].capture or ''
  end
  return vim.fn.synIDattr(vim.fn.synID(line, column, 1), 'name')
end
-- Nothing is drawn without a screen, so the tree is asked for.
if vim.treesitter.start then
  vim.treesitter.get_parser(0):parse(true)
end
local colours = vim.treesitter.start
    and { 'keyword', 'constant', 'string', 'function.builtin', 'number', 'keyword.operator' }
  or { 'rbpItem', '', 'rbpText', 'rbpClause', 'rbpNumber', 'rbpReserved' }
for i, place in ipairs({ { 1, 1 }, { 1, 12 }, { 3, 14 }, { 3, 32 }, { 3, 45 }, { 3, 64 } }) do
  equal(group(place[1], place[2]), colours[i], 'colour at ' .. place[1] .. ':' .. place[2])
end

vim.cmd('edit! other.rbp')
equal(#(vim.lsp.get_clients or vim.lsp.get_active_clients)(), 1, 'servers for two files of a package')
wait('findings of the other file', function() return #vim.diagnostic.get(0) > 0 end)
print('other.rbp: ' .. vim.diagnostic.get(0)[1].message:match('[^\n]*'))
vim.cmd('qall!')
