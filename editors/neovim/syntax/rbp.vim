" Colours of rbp. The lines with the language's words are made from grammar/keywords.txt:
" RBP_BLESS=1 cargo test -p rbp-tests --test editors
if exists('b:current_syntax')
  finish
endif

syntax iskeyword @,48-57,_,-

syntax match rbpItem '^\s*\zs\%(import\|unit\|kind\|dependency\|signal\|function\|backup\|template\|policy\|accept\|scenario\|evidence\|apply\)\k\@!'
syntax keyword rbpClause owner depends needs exposed controlled changed repaired fails unavailability capacity rto rpo mtpd demand minimum tags survives budget may protects cost retire contract covers independent diverse readiness restores lag immutable delayed verified catches stock installed instructions reserved lends lead data encrypted audited compensated agreed allow activate test when fence reach funded steps hand fail every proves last expires from query because until field requires cite severity require lose corrupt compromise actor expect
syntax keyword rbpWord some count sum loss corruption automatic degrade full degraded up back safe run time resupplied recall load passed failed continues activates stays idle passes
syntax keyword rbpReserved in by with within for at to of on via then and or not as where else any each is

syntax match rbpNumber '\%(\k\)\@1<!\d[0-9_]*\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\%(%\|/\?\a\w*\%(/\a\w*\)\?\)\?'
syntax match rbpDate '\%(\k\)\@1<!\d\{4}-\d\d-\d\d\k\@!'
syntax match rbpEscape '\\.' contained
syntax region rbpText start='"' skip='\\.' end='"' oneline contains=rbpEscape,@Spell
syntax match rbpComment '//.*$' contains=@Spell
syntax match rbpDoc '//[/!].*$' contains=@Spell

highlight default link rbpItem Structure
highlight default link rbpClause Statement
highlight default link rbpWord Type
highlight default link rbpReserved Operator
highlight default link rbpNumber Number
highlight default link rbpDate Constant
highlight default link rbpEscape SpecialChar
highlight default link rbpText String
highlight default link rbpComment Comment
highlight default link rbpDoc SpecialComment

let b:current_syntax = 'rbp'
