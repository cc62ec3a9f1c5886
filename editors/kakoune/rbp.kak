# Colours of rbp, and its server. The lists of words are made from grammar/keywords.txt:
# RBP_BLESS=1 cargo test -p rbp-tests --test editors

hook global BufCreate .*\.rbp %{ set-option buffer filetype rbp }

hook global WinSetOption filetype=rbp %{
  require-module rbp
  set-option buffer comment_line '//'
  set-option window static_words %opt{rbp_words}
  add-highlighter window/rbp ref rbp
  hook -once -always window WinSetOption filetype=.* %{ remove-highlighter window/rbp }
}

# Where kakoune-lsp is not installed, it has no such option.
hook -group lsp-filetype-rbp global BufSetOption filetype=rbp %{
  try %{
    set-option buffer lsp_servers %{
      [rbp]
      root_globs = ["rbp.toml"]
      command = "rbp"
      args = ["lsp"]
    }
  }
}

provide-module rbp %{
  declare-option str-list rbp_words import unit kind dependency signal function backup template policy accept scenario evidence apply owner depends needs in exposed controlled changed repaired fails unavailability capacity rto rpo mtpd demand minimum tags survives budget may protects cost retire contract covers independent diverse readiness restores lag immutable delayed verified catches stock installed instructions reserved lends lead data encrypted audited compensated agreed allow activate test when by fence with reach funded steps hand fail every proves last expires from query within because until field requires cite severity for require lose corrupt compromise at actor expect to of on via then and or not as where else any each is some count sum loss corruption automatic degrade full degraded up back safe run time resupplied recall load passed failed continues activates stays idle passes

  add-highlighter shared/rbp regions
  add-highlighter shared/rbp/text region '"' '(?<!\\)(\\\\)*"|$' fill string
  add-highlighter shared/rbp/doc region '//[/!]' '$' fill documentation
  add-highlighter shared/rbp/comment region '//' '$' fill comment
  add-highlighter shared/rbp/code default-region group
  add-highlighter shared/rbp/code/number regex '(?<![\w-])\d[0-9_]*(\.\d+)?([eE][+-]?\d+)?' 0:value
  add-highlighter shared/rbp/code/clauses regex '(?<![\w.-])(owner|depends|needs|exposed|controlled|changed|repaired|fails|unavailability|capacity|rto|rpo|mtpd|demand|minimum|tags|survives|budget|may|protects|cost|retire|contract|covers|independent|diverse|readiness|restores|lag|immutable|delayed|verified|catches|stock|installed|instructions|reserved|lends|lead|data|encrypted|audited|compensated|agreed|allow|activate|test|when|fence|reach|funded|steps|hand|fail|every|proves|last|expires|from|query|because|until|field|requires|cite|severity|require|lose|corrupt|compromise|actor|expect)(?![\w.-])' 0:builtin
  add-highlighter shared/rbp/code/words regex '(?<![\w.-])(some|count|sum|loss|corruption|automatic|degrade|full|degraded|up|back|safe|run|time|resupplied|recall|load|passed|failed|continues|activates|stays|idle|passes)(?![\w.-])' 0:type
  add-highlighter shared/rbp/code/reserved regex '(?<![\w.-])(in|by|with|within|for|at|to|of|on|via|then|and|or|not|as|where|else|any|each|is)(?![\w.-])' 0:operator
  add-highlighter shared/rbp/code/items regex '^\h*(import|unit|kind|dependency|signal|function|backup|template|policy|accept|scenario|evidence|apply)(?![\w.-])' 1:keyword
}
