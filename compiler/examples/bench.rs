use rbp_compiler::{db::*, session::*};
use std::time::Instant;
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let t0 = Instant::now();
    let texts: Vec<_> =
        names.iter().map(|p| (p.clone(), std::fs::read_to_string(p).unwrap())).collect();
    println!("read {:?}", t0.elapsed());
    let t = Instant::now();
    let n: usize = texts.iter().map(|(_, t)| rbp_grammar::parse(t).items.len()).sum();
    let mb: usize = texts.iter().map(|(_, t)| t.len()).sum();
    println!(
        "parse {:?} {} decl {:.1} MB/s",
        t.elapsed(),
        n,
        mb as f64 / 1e6 / t.elapsed().as_secs_f64()
    );
    let t = Instant::now();
    let mut s = Session::new(Day(20780));
    let p = s.add_package(Package { name: "x".into(), ..Default::default() });
    let ids = s.add_files(
        texts
            .iter()
            .map(|(p2, t)| {
                (
                    FileSpec {
                        path: p2.display().to_string(),
                        module: p2.file_stem().unwrap().to_str().unwrap().into(),
                        package: p,
                    },
                    t.as_str().into(),
                )
            })
            .collect(),
    );
    println!("load {:?}", t.elapsed());
    let t = Instant::now();
    let c = s.check_all();
    println!(
        "cold check {:?} {} findings {} obligations",
        t.elapsed(),
        c.iter().map(|c| c.1.diagnostics.len()).sum::<usize>(),
        c.iter().map(|c| c.1.obligations.len()).sum::<usize>()
    );
    let text = texts[5].1.clone();
    let mut file = vec![];
    let mut all = vec![];
    for i in 0..(if std::env::var_os("COLD").is_some() { 0 } else { 60 }) {
        let new =
            if i % 2 == 0 { text.replacen("within 2s", "within 3s", 1) } else { text.clone() };
        let t = Instant::now();
        s.edit(ids[5], new.as_str().into());
        s.check(ids[5]);
        file.push(t.elapsed());
        s.check_all();
        all.push(t.elapsed());
    }
    if file.is_empty() {
        return;
    }
    file.sort();
    all.sort();
    println!(
        "edit -> file median {:?} p95 {:?}; all median {:?} p95 {:?}",
        file[30], file[57], all[30], all[57]
    );
    let st = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", st.lines().find(|l| l.starts_with("VmHWM")).unwrap());
}
