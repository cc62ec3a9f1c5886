//! The same model written with templates: every element becomes a use of a template of its own.

use rbp_grammar::ast::{ItemKind, Role};
use rbp_grammar::parse;

/// Each dependency, function and backup of a file is made from a template at the end of the file; with
/// `inside`, by way of another template. What stands in the file otherwise stays as it is.
pub fn templated(text: &str, inside: bool) -> String {
    let parsed = parse(text);
    let mut made = String::new();
    let mut templates = String::new();
    let mut last = 0;
    for (number, item) in parsed.items.iter().enumerate() {
        let ItemKind::Element(element) = &item.syntax.item.kind else { continue };
        let whole = item.syntax.problems.is_empty() && element.template.is_none();
        if element.role == Role::Signal || !whole {
            continue;
        }
        let name = parsed.bytes(text, number, element.name.span);
        let keyword = text.get(..name.start).and_then(|t| t.rfind(element.role.word()));
        let Some(keyword) = keyword else { continue };
        let rest = text.get(name.end..item.end as usize).unwrap_or("");
        let braces = if rest.trim_end().ends_with('}') { "" } else { " {}" };
        made += text.get(last..keyword).unwrap_or("");
        let (role, name) = (element.role.word(), &element.name.text);
        made += &format!("{role} {name} = t-{name}()");
        templates += &format!("\ntemplate t-{name}(){rest}{braces}\n");
        if inside {
            // Nothing uses it; its element is made by way of the first all the same.
            templates += &format!("template u-{name}() {{ {role} inner = t-{name}() }}\n");
        }
        last = item.end as usize;
    }
    made += text.get(last..).unwrap_or("");
    made + &templates
}
