//! `textDocument/semanticTokens`: what each word is; whole, for some lines, and what changed since.

use std::ops::Range;

use rbp_ide::tokens::{Sort, Token, tokens};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensEdit, SemanticTokensFullDeltaResult,
    SemanticTokensLegend, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult,
};

use crate::positions::Text;
use crate::snapshot::Snapshot;

/// The sorts in the order of [`Sort::ALL`], and the modifiers: declared here, of the standard library.
pub fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: Sort::ALL.map(name).to_vec(),
        token_modifiers: vec![
            SemanticTokenModifier::DECLARATION,
            SemanticTokenModifier::DEFAULT_LIBRARY,
        ],
    }
}

/// The nearest sort that the protocol knows, so that every theme has a colour for it.
fn name(sort: Sort) -> SemanticTokenType {
    match sort {
        Sort::Comment | Sort::Documentation => SemanticTokenType::COMMENT,
        Sort::Keyword => SemanticTokenType::KEYWORD,
        Sort::Number => SemanticTokenType::NUMBER,
        Sort::Text => SemanticTokenType::STRING,
        Sort::Module => SemanticTokenType::NAMESPACE,
        Sort::Kind => SemanticTokenType::CLASS,
        Sort::Dependency => SemanticTokenType::VARIABLE,
        Sort::Signal => SemanticTokenType::EVENT,
        Sort::Function => SemanticTokenType::FUNCTION,
        Sort::Backup => SemanticTokenType::STRUCT,
        Sort::Unit => SemanticTokenType::TYPE,
        Sort::Template => SemanticTokenType::MACRO,
        Sort::Parameter | Sort::Bound => SemanticTokenType::PARAMETER,
        Sort::Policy => SemanticTokenType::INTERFACE,
        Sort::Scenario => SemanticTokenType::ENUM,
        Sort::Test | Sort::Called => SemanticTokenType::METHOD,
        Sort::Field => SemanticTokenType::PROPERTY,
        Sort::Word => SemanticTokenType::ENUM_MEMBER,
    }
}

pub fn full(
    snapshot: &Snapshot,
    params: &SemanticTokensParams,
) -> Result<Option<SemanticTokensResult>> {
    let id = snapshot.file(&params.text_document)?;
    let data = encoded(snapshot, &snapshot.text(id), &tokens(&snapshot.db, id), None);
    let result_id = Some(snapshot.shared.tokens.keep(id, &data));
    Ok(Some(SemanticTokens { result_id, data }.into()))
}

pub fn range(
    snapshot: &Snapshot,
    params: &SemanticTokensRangeParams,
) -> Result<Option<SemanticTokensRangeResult>> {
    let id = snapshot.file(&params.text_document)?;
    let text = snapshot.text(id);
    let data = encoded(snapshot, &text, &tokens(&snapshot.db, id), Some(text.bytes(params.range)));
    Ok(Some(SemanticTokens { result_id: None, data }.into()))
}

pub fn delta(
    snapshot: &Snapshot,
    params: &SemanticTokensDeltaParams,
) -> Result<Option<SemanticTokensFullDeltaResult>> {
    let id = snapshot.file(&params.text_document)?;
    let data = encoded(snapshot, &snapshot.text(id), &tokens(&snapshot.db, id), None);
    let before = snapshot.shared.tokens.known(id, &params.previous_result_id);
    let result_id = Some(snapshot.shared.tokens.keep(id, &data));
    Ok(Some(match before {
        Some(before) => SemanticTokensDelta { result_id, edits: changed(&before, data) }.into(),
        None => SemanticTokens { result_id, data }.into(),
    }))
}

/// Each token by its distance from the one before.
fn encoded(
    snapshot: &Snapshot,
    text: &Text<'_>,
    tokens: &[Token],
    within: Option<Range<usize>>,
) -> Vec<SemanticToken> {
    let (mut line, mut start) = (0, 0);
    let touched = |token: &&Token| {
        within.as_ref().is_none_or(|w| token.bytes.start < w.end && w.start < token.bytes.end)
    };
    let encode = |token: &Token| {
        let at = text.position(token.bytes.start);
        let word = text.slice(&token.bytes);
        let delta_line = at.line - line;
        let delta_start = if delta_line == 0 { at.character - start } else { at.character };
        (line, start) = (at.line, at.character);
        SemanticToken {
            delta_line,
            delta_start,
            length: snapshot.shared.client.encoding.length(word) as u32,
            token_type: Sort::ALL.iter().position(|sort| *sort == token.sort).unwrap_or(0) as u32,
            token_modifiers_bitset: u32::from(token.declares) | u32::from(token.standard) << 1,
        }
    };
    tokens.iter().filter(touched).map(encode).collect()
}

/// One edit: what lies between what both have at the start and at the end. It counts numbers, of which a
/// token has five.
fn changed(before: &[SemanticToken], mut data: Vec<SemanticToken>) -> Vec<SemanticTokensEdit> {
    let same = before.iter().zip(&data).take_while(|(a, b)| a == b).count();
    let longest = before.len().min(data.len()) - same;
    let behind = before.iter().rev().zip(data.iter().rev());
    let behind = behind.take(longest).take_while(|(a, b)| a == b).count();
    let deleted = before.len() - behind - same;
    data.truncate(data.len() - behind);
    let added = data.split_off(same);
    if deleted == 0 && added.is_empty() {
        return Vec::new();
    }
    vec![SemanticTokensEdit {
        start: same as u32 * 5,
        delete_count: deleted as u32 * 5,
        data: Some(added),
    }]
}
