use rbp_compiler::{db::*, diagnostic::*, session::*};
fn main() {
    let mut s = Session::new(Day(20780));
    let p = s.add_package(Package { name: "x".into(), ..Default::default() });
    let files: Vec<_> = std::env::args()
        .skip(1)
        .map(|f| {
            let m = std::path::Path::new(&f).file_stem().unwrap().to_str().unwrap().to_owned();
            let t = std::fs::read_to_string(&f).unwrap();
            (FileSpec { path: f, module: m, package: p }, t.into())
        })
        .collect();
    s.add_files(files);
    for (id, c) in s.check_all() {
        for d in &c.diagnostics {
            let b = s.bytes(d.primary.at);
            let t = s.text(id);
            let line = t[..b.start].matches('\n').count() + 1;
            println!(
                "{}:{line}: {}[{}] {}  «{}» {}",
                s.path(id),
                d.level.word(),
                d.rule.slug,
                d.message,
                &t[b],
                d.primary.text
            );
            for l in &d.related {
                println!(
                    "    also {} «{}» {}",
                    s.path(l.at.file),
                    &s.text(l.at.file)[s.bytes(l.at)],
                    l.text
                );
            }
            for p in &d.paths {
                println!("    path {}", p.join(" -> "));
            }
            for n in &d.notes {
                println!("    note {n}");
            }
            if let Some(h) = &d.help {
                println!("    help {h}");
            }
        }
        println!("{} obligations", c.obligations.len());
    }
}
