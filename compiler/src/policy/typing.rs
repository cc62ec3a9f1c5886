//! What may be asked of a type.

use super::fields::{Owner, of};
use super::functions::Takes;
use super::types::{Sort, Type};
use crate::model::FieldType;

/// The type of a field, and of the names that are always there.
pub(crate) fn field(owner: &Type, name: &str) -> Option<Type> {
    if let Some(owner) = owner_of(owner)
        && let Some(found) = of(owner).find(|field| field.name == name)
    {
        return Some(found.sort.of());
    }
    match owner {
        Type::Element(_, Some(kind)) => {
            let field = kind.fields.iter().find(|field| field.name == name)?;
            Some(match &field.ty {
                FieldType::Text | FieldType::Name => Type::Text,
                FieldType::Date => Type::Day,
                FieldType::Quantity(dimension) => Type::Quantity(Some(dimension.clone())),
                FieldType::Unknown => Type::Wrong,
            })
        }
        _ => None,
    }
}

/// The fields that a type has, for suggestions.
pub(crate) fn known(owner: &Type) -> Vec<String> {
    let table = owner_of(owner).into_iter().flat_map(of).map(|field| field.name.to_owned());
    let kind = match owner {
        Type::Element(_, Some(kind)) => kind.fields.as_slice(),
        _ => &[],
    };
    table.chain(kind.iter().map(|field| field.name.to_string())).collect()
}

fn owner_of(ty: &Type) -> Option<Owner> {
    Some(match ty {
        Type::Element(Some(role), _) => Owner::of(*role),
        // A kind is a dependency's or a backup's.
        Type::Element(None, Some(_)) => Owner::Dependency,
        Type::Element(None, None) => Owner::Element,
        Type::Test => Owner::Test,
        Type::Proofs => Owner::Proofs,
        _ => return None,
    })
}

/// The names that mean something in every policy.
pub(crate) const ALWAYS: [(&str, Sort); 5] = [
    ("today", Sort::Day),
    ("functions", Sort::Functions),
    ("backups", Sort::Backups),
    ("dependencies", Sort::Dependencies),
    ("signals", Sort::Signals),
];

/// Whether a type fits what a function takes.
pub(crate) fn fits(takes: Takes, ty: &Type) -> bool {
    use rbp_grammar::ast::Role;
    match (takes, ty) {
        (_, Type::Wrong) | (Takes::Anything, _) => true,
        (Takes::Function, Type::Element(role, _)) => *role == Some(Role::Function),
        (Takes::Element, Type::Element(..)) => true,
        (Takes::Set, Type::Set(_)) | (Takes::Text, Type::Text) => true,
        (Takes::Number, Type::Quantity(Some(dimension))) => dimension.is_none(),
        _ => false,
    }
}

/// Whether values of two types can be held against each other at all.
pub(crate) fn comparable(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Wrong, _) | (_, Type::Wrong) => true,
        (Type::Quantity(Some(a)), Type::Quantity(Some(b))) => a == b,
        (Type::Quantity(_) | Type::Load, Type::Quantity(_) | Type::Load) => true,
        (Type::Element(..), Type::Element(..)) => true,
        (Type::Set(_), _) | (_, Type::Set(_)) => false,
        (a, b) => a == b,
    }
}
