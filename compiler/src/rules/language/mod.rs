//! Rules of the text itself: form, names, kinds and dimensions.

pub mod broken_declaration;
pub mod circular_definition;
pub mod dimension_mismatch;
pub mod duplicate_clause;
pub mod duplicate_name;
pub mod empty_scenario;
pub mod impossible_count;
pub mod invalid_date;
pub mod misplaced_allowance;
pub mod misplaced_clause;
pub mod misplaced_expectation;
pub mod missing_argument;
pub mod missing_requirement;
pub mod number_out_of_range;
pub mod template_too_large;
pub mod type_mismatch;
pub mod unknown_field;
pub mod unknown_module;
pub mod unknown_name;
pub mod unknown_word;
pub mod unreadable_file;
pub mod unused_import;
pub mod weaker_than_template;
pub mod wrong_argument;
pub mod wrong_kind;

use crate::rules::Rule;

/// Every rule of the language.
pub(super) const RULES: &[&Rule] = &[
    &broken_declaration::RULE,
    &circular_definition::RULE,
    &dimension_mismatch::RULE,
    &duplicate_clause::RULE,
    &duplicate_name::RULE,
    &empty_scenario::RULE,
    &impossible_count::RULE,
    &invalid_date::RULE,
    &misplaced_allowance::RULE,
    &misplaced_clause::RULE,
    &misplaced_expectation::RULE,
    &missing_argument::RULE,
    &missing_requirement::RULE,
    &number_out_of_range::RULE,
    &template_too_large::RULE,
    &type_mismatch::RULE,
    &unknown_field::RULE,
    &unknown_module::RULE,
    &unknown_name::RULE,
    &unknown_word::RULE,
    &unreadable_file::RULE,
    &unused_import::RULE,
    &weaker_than_template::RULE,
    &wrong_argument::RULE,
    &wrong_kind::RULE,
];
