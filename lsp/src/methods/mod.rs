//! The requests, a file each: parameters in, from a snapshot to what the protocol wants.

pub mod code_lens;
pub mod completion;
pub mod declaration;
pub mod definition;
pub mod diagnostic;
pub mod document_highlight;
pub mod document_symbol;
pub mod execute_command;
pub mod hover;
pub mod prepare_rename;
pub mod references;
pub mod rename;
pub mod type_definition;
pub mod workspace_diagnostic;
pub mod workspace_symbol;
