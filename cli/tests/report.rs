//! What a report says of times, to the letter, and of what the package as a whole owes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use rbp_ruleset::RuleSet;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The report of a package.
fn report(package: &Path) -> String {
    let made = Command::new(env!("CARGO_BIN_EXE_rbp"))
        .args(["report", "--as-of", "2026-11-23"])
        .arg(package)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

/// The report of a policy that stands in one file.
fn report_of(name: &str, policy: &str) -> String {
    let folder = std::env::temp_dir().join(format!("rbp-report-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("main.rbp"), policy).unwrap();
    let html = report(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    html
}

/// Words without what marks them up; what is told in colour has the colour's class before it.
fn plain(html: &str) -> String {
    let html = html.replace("<b class=\"", "[").replace("\">", "] ");
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

/// What the bars of a report say, and what it says of what brings functions back.
fn times(html: &str) -> Vec<String> {
    let between = |start: &str, end: &str| -> Vec<String> {
        let parts = html.split(start).skip(1);
        parts.map(|part| plain(part.split(end).next().unwrap())).collect()
    };
    let mut all = between("<figcaption>", "</figcaption>");
    for list in html.split("<h4>What brings it back</h4>").skip(1) {
        let list = list.split("</ul>").next().unwrap();
        all.extend(
            list.split("<li>").skip(1).map(|item| plain(item.split("</li>").next().unwrap())),
        );
    }
    all
}

/// Each loss is held to its own objective: a fault of a component, corruption, the loss of a site.
#[test]
fn times_are_held_to_the_objective_for_the_loss() {
    assert_eq!(
        times(&report(&examples().join("press-shop-flawed"))),
        [
            "spare-drive: detect 30 min + hold 30 min + decide 2 h + reach 1 h + restore 1 d 16 h = 1 d 20 h \
             [late] 8 h too long: after losing main-drive, stamping must be back within 1 d 12 h",
            "spare-plc: restore 20 s + a step that nobody states = at least 20 s \
             [open] not known whether in time: no single loss calls on it; stamping may never be away for longer than 4 d",
            "toll-stamping: detect 30 min + hold 4 h + decide 6 h + restore 2 d 12 h = 2 d 22 h 30 min \
             [late] 2 d 10 h 30 min too long: after losing press-plc, stamping must be back within 12 h",
            "[late] within 2 d 22 h 30 min (allowed: 12 h) by toll-stamping, after losing press-plc",
            "within 2 d 22 h 30 min (allowed: 4 d) by toll-stamping, after losing dies-a, or losing hall-2, or losing setters, or losing press-1",
            "[late] within 1 d 20 h (allowed: 1 d 12 h) by spare-drive, after losing main-drive; toll-stamping can be called on then too",
        ]
    );
    assert_eq!(
        times(&report(&examples().join("payments"))),
        [
            "ledger-fra: detect 10 s + hold 30 s + restore 1 min = 1 min 40 s \
             [left] 3 min 20 s to spare: after losing ledger, card-payments must be back within 5 min",
            "ledger-vault: detect 10 min + hold 5 min + decide 20 min + restore 3 h + verify 30 min = 4 h 5 min \
             [left] 1 h 55 min to spare: after corruption of ledger, card-payments must be back within 6 h",
            "within 4 h 5 min (allowed: 6 h) by ledger-vault, after corruption of ledger, or a compromise of tenancy-ams",
            "within 1 min 40 s (allowed: 5 min) by ledger-fra, after losing ledger, or losing amsterdam; ledger-vault can be called on then too",
        ]
    );
}

/// Two generators start when the grid is gone, and either is enough.
#[test]
fn a_second_way_is_named() {
    let back = times(&report(&examples().join("icu-power"))).pop().unwrap();
    assert_eq!(
        back,
        "within 10 s (allowed: 15 s) by gen-east, after losing region-grid; gen-west can be called on then too"
    );
}

/// What is proved is never told as too late.
#[test]
fn nothing_is_late_where_everything_is_proved() {
    let clean = ["civil-registry", "icu-power", "payments", "payroll", "press-shop", "vial-supply"];
    for example in clean {
        let late = times(&report(&examples().join(example)));
        let late: Vec<_> =
            late.iter().filter(|line| line.contains("[late]") || line.contains("[open]")).collect();
        assert!(late.is_empty(), "{example}: {late:#?}");
    }
}

const BRIDGE: &str = "
dependency grid  : machine
dependency relay : machine
signal dead { from relay  within 10ms }
function theatres { depends on grid  rto 1s  demand 40 kW for 24h }
backup battery : machine for grid {
  protects theatres
  covers   40 kW for 10min resupplied by diesel within 2min
  restores within 10ms
  activate { when dead  by automatic on relay }
}
backup diesel : machine for grid {
  protects theatres
  covers   40 kW for 24h
  restores within RESTORES
  activate { when dead for 5s  by automatic on relay }
}
";

/// What another backup holds out for is held to that time, as long as it is there by then.
#[test]
fn what_is_waited_for_is_held_to_the_time_of_what_waits() {
    let diesel = |restores: &str| {
        let html = report_of("bridge", &BRIDGE.replace("RESTORES", restores));
        times(&html).into_iter().find(|line| line.starts_with("diesel")).unwrap()
    };
    assert_eq!(
        diesel("60s"),
        "diesel: detect 10 ms + hold 5 s + restore 1 min = 1 min 5 s 10 ms [left] 54 s 990 ms to spare: battery holds out for 2 min"
    );
    let late = diesel("3min");
    assert!(late.contains("[late] ") && late.contains("theatres"), "{late}");
}

const CROWDED: &str = "
dependency a : machine
dependency b : machine
function light { owner o  rto 4h  mtpd 1d  depends on 1 of [a, b] }
policy p { require count(functions) > 5 else \"too few functions\" }
apply p
";

/// What a policy asks of the package as a whole stands with what is open, and in the table.
#[test]
fn what_the_package_owes_is_told() {
    let html = report_of("whole", CROWDED);
    assert!(html.contains("<b>refuted</b> too few functions"), "{html}");
    assert!(html.contains("<b>1</b> refuted"), "{html}");
    assert!(html.contains("<th scope=\"row\">the package</th>"), "{html}");
    // Errors that are no obligation of anything are not passed over either.
    let html = report_of("error", "function light { owner o  rto 4h  depends on nowhere }\n");
    assert!(!html.contains("Nothing is open"), "{html}");
}

/// A document that says it is verified must stand up to the checker, whatever is made of it; one that says it is not is
/// shown as that.
#[test]
fn what_is_forged_is_refused() {
    let folder = std::env::temp_dir().join(format!("rbp-forged-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_rbp")).args(args).current_dir(&folder).output();
        let done = done.unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let example = examples().join("payments");
    let build = ["build", example.to_str().unwrap(), "--as-of", "2026-11-23", "-o", "true.json"];
    assert_eq!(run(&build).0, Some(0));
    let text = std::fs::read_to_string(folder.join("true.json")).unwrap();
    let write = |change: &dyn Fn(&mut RuleSet)| {
        let mut rules = rbp_ruleset::read(&text).unwrap();
        change(&mut rules);
        rules.digest = rbp_ruleset::digest(&rules).unwrap();
        std::fs::write(folder.join("forged.json"), rbp_ruleset::write(&rules).unwrap()).unwrap();
    };
    let slower = |rules: &mut RuleSet| rules.backups[0].restores_ms = Some(86_400_000);
    let commands: [&[&str]; 4] = [
        &["report", "forged.json", "-o", "report.html"],
        &["graph", "-p", "forged.json", "-o", "graph.svg"],
        &["build", "forged.json", "--target", "csv", "-o", "out"],
        &["diff", "true.json", "forged.json"],
    ];
    write(&slower);
    for command in commands {
        let (code, said) = run(command);
        assert!(code == Some(2) && said.contains("does not stand up"), "{command:?}: {said}");
    }
    write(&|rules| {
        slower(rules);
        rules.verified = false;
    });
    for command in &commands[..2] {
        assert_eq!(run(command).0, Some(0), "{command:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
