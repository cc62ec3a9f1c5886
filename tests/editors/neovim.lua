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

local function group(line, column)
  return vim.fn.synIDattr(vim.fn.synID(line, column, 1), 'name')
end
equal(group(1, 1), 'rbpItem', 'colour of `dependency`')
equal(group(1, 12), '', 'colour of a name')
equal(group(3, 14), 'rbpText', 'colour of a title')
equal(group(3, 32), 'rbpClause', 'colour of `owner`')
equal(group(3, 47), 'rbpNumber', 'colour of `5min`')
equal(group(3, 64), 'rbpReserved', 'colour of `of`')

vim.cmd('edit! other.rbp')
equal(#vim.lsp.get_active_clients(), 1, 'servers for two files of a package')
wait('findings of the other file', function() return #vim.diagnostic.get(0) > 0 end)
print('other.rbp: ' .. vim.diagnostic.get(0)[1].message:match('[^\n]*'))
vim.cmd('qall!')
