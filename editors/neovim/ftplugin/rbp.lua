-- Starts `rbp lsp`, once for each package that is open, and shows what it finds.
-- `vim.g.rbp_path` names the program where it is not found by name.

vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://!,://'
vim.bo.iskeyword = '@,48-57,_,-'

-- The colours of tree-sitter, where its parser was built; else those of `syntax/rbp.vim`.
if vim.treesitter.start then
  pcall(vim.treesitter.start, 0, 'rbp')
end

local file = vim.api.nvim_buf_get_name(0)
if file == '' then
  return
end

local folder = vim.fn.fnamemodify(file, ':p:h')
local manifest = vim.fn.findfile('rbp.toml', folder .. ';')
local root = manifest == '' and folder or vim.fn.fnamemodify(manifest, ':p:h')
local config = {
  name = 'rbp',
  cmd = { vim.g.rbp_path or 'rbp', 'lsp' },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
}

if vim.lsp.start then
  vim.lsp.start(config)
  return
end

-- Neovim 0.7 has no `vim.lsp.start`: the server of a root is found again by hand.
for _, client in pairs(vim.lsp.get_active_clients()) do
  if client.name == 'rbp' and client.config.root_dir == root then
    vim.lsp.buf_attach_client(0, client.id)
    return
  end
end
vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
