;;; rbp-mode.el --- Editing policies for backups  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Colours and indents policies, and tells eglot how to start `rbp lsp'.  The lists of words are made from
;; grammar/keywords.txt: RBP_BLESS=1 cargo test -p rbp-tests --test editors

;;; Code:

(defgroup rbp nil "Policies for backups." :group 'languages)

(defcustom rbp-program "rbp" "The program, by name or with its full path." :type 'string)

(defcustom rbp-indent-offset 2 "How far a body is indented." :type 'integer)

(defconst rbp--items
  '("import" "unit" "kind" "dependency" "signal" "function" "backup" "template" "policy" "accept" "scenario" "evidence" "apply"))
(defconst rbp--clauses
  '("owner" "depends" "needs" "exposed" "controlled" "changed" "repaired" "fails" "unavailability" "capacity" "rto" "rpo" "mtpd" "demand" "minimum" "tags" "survives" "budget" "may" "protects" "cost" "retire" "contract" "covers" "independent" "diverse" "readiness" "restores" "lag" "immutable" "delayed" "verified" "catches" "stock" "installed" "instructions" "reserved" "lends" "lead" "data" "encrypted" "audited" "compensated" "agreed" "allow" "activate" "test" "when" "fence" "reach" "funded" "steps" "hand" "fail" "every" "proves" "last" "expires" "from" "query" "because" "until" "field" "requires" "cite" "severity" "require" "lose" "corrupt" "compromise" "actor" "expect"))
(defconst rbp--words
  '("some" "count" "sum" "loss" "corruption" "automatic" "degrade" "full" "degraded" "up" "back" "safe" "run" "time" "resupplied" "recall" "load" "passed" "failed" "continues" "activates" "stays" "idle" "passes"))
(defconst rbp--reserved
  '("in" "by" "with" "within" "for" "at" "to" "of" "on" "via" "then" "and" "or" "not" "as" "where" "else" "any" "each" "is"))

(defun rbp--any (words)
  "A pattern for WORDS where each stands as a word by itself."
  (concat "\\_<" (regexp-opt words t) "\\_>"))

(defvar rbp-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?_ "_" table)
    table)
  "Names hold `-' and `_'.")

(defvar rbp-font-lock-keywords
  `((,(concat "^[ \t]*" (rbp--any rbp--items) "\\(?:[ \t]+\\([[:alpha:]_][[:alnum:]_.-]*\\)\\)?")
     (1 font-lock-keyword-face) (2 font-lock-function-name-face nil t))
    ("\\_<[0-9][0-9_]*\\(?:\\.[0-9]+\\)?\\(?:[eE][+-]?[0-9]+\\)?" . font-lock-constant-face)
    (,(rbp--any rbp--clauses) . font-lock-builtin-face)
    (,(rbp--any rbp--words) . font-lock-type-face)
    (,(rbp--any rbp--reserved) . font-lock-keyword-face))
  "What is coloured.")

(defun rbp-indent-line ()
  "Indent by the depth of brackets before the line."
  (interactive)
  (let* ((depth (save-excursion
                  (beginning-of-line)
                  (let ((depth (car (syntax-ppss))))
                    (skip-chars-forward " \t")
                    (if (looking-at-p "[]})]") (1- depth) depth))))
         (after (- (current-column) (current-indentation))))
    (indent-line-to (* rbp-indent-offset (max 0 depth)))
    (when (> after 0) (forward-char after))))

(defvar rbp-imenu
  (list (list nil (concat "^\\(?:dependency\\|signal\\|function\\|backup\\|kind\\|template\\|policy\\|scenario\\)"
                          "[ \t]+\\([[:alpha:]_][[:alnum:]_-]*\\)")
              1))
  "What the index of a file lists.")

;;;###autoload
(define-derived-mode rbp-mode prog-mode "rbp"
  "Major mode for policies in rbp."
  (setq-local comment-start "// "
              comment-start-skip "//+!?[ \t]*"
              indent-line-function #'rbp-indent-line
              font-lock-defaults '(rbp-font-lock-keywords)
              imenu-generic-expression rbp-imenu))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.rbp\\'" . rbp-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs (cons 'rbp-mode (lambda (_) (list rbp-program "lsp")))))

(provide 'rbp-mode)
;;; rbp-mode.el ends here
