autocmd BufNewFile,BufRead *.rbp setfiletype rbp
