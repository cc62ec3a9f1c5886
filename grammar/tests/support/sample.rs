//! Files of the language made at random, of every kind of declaration.

use super::Random;

/// `count` declarations with a blank line between them, each valid and of its own name.
pub fn file(random: &mut Random, count: usize) -> String {
    let mut text = String::from("//! A generated model.\n");
    for number in 0..count {
        text += "\n";
        text += &declaration(random, number);
    }
    text
}

/// One valid declaration, its number in its name.
pub fn declaration(random: &mut Random, number: usize) -> String {
    let n = number;
    let other = random.below(n + 1);
    let docs =
        if random.chance(3) { format!("/// Number {n}, for the record.\n") } else { String::new() };
    let body = match number % 14 {
        0 => format!("import std.power.{{generator, fuel-store as tank-{n}}}\n"),
        1 => format!("unit u{n} \"Unit {n}\" = 1000 kW\n"),
        2 => format!(
            "kind kind-{n} : machine \"Kind {n}\" {{\n  field fuel : text\n  field rating : W\n  \
             requires capacity, owner\n}}\n"
        ),
        3 => format!(
            "dependency d-{n} : room {{ in e-{other}  exposed to flood-{n}  repaired within 8h }}\n"
        ),
        4 => format!(
            "dependency e-{n} : database \"Store {n}\" {{\n  in         rack-{other}\n  needs      \
             kms, 1 of [dns-a, dns-b, d-{other}] to run\n  controlled by tenancy-{n}\n  fails      \
             1e-5/h\n  vendor     acme\n  changed    2026-03-0{}\n  // as agreed in spring\n  \
             allow      no-owner because \"see plan {n}\"\n}}\n",
            1 + n % 9
        ),
        5 => format!(
            "signal s-{n} {{\n  from    1 of [probe-a, probe-b]\n  query   \"volts < {n}\"\n  \
             within  2s\n}}\n"
        ),
        6 => format!(
            "function f-{n} \"Function {n}\" {{\n  owner      facilities\n  rto        10s\n  \
             rto        8h on corruption\n  rpo        5min on loss of kind database\n  mtpd       \
             2min\n  demand     1.8 MW for 96h\n  minimum    0.9 MW for 96h\n  depends on e-{other}, \
             2 of [a, b, c]\n  survives   any 1 loss\n  survives   each of [a, b]\n  budget     \
             420000 EUR/year\n  may degrade for 72h\n}}\n"
        ),
        7 => backup(n, other),
        8 => format!(
            "template t-{n}(primary: database, place: zone, lag: duration = 10s) : replica for primary {{\n  \
             in         place\n  readiness  hot\n  test failover {{ every 90d  proves activation, restore }}\n}}\n"
        ),
        9 => format!(
            "policy p-{n} \"Policy {n}\" {{\n  cite \"NFPA 110, 8.4.2\"\n  severity warning\n  for each \
             backup g of kind generator where some f in g.protects: f.tagged(\"x\") {{\n    require some t \
             in g.tests: t.every <= 31d and t.load >= 30% of g.covers for 30min\n      else \"monthly\"\n  \
             }}\n}}\n"
        ),
        10 => format!(
            "accept loss of e-{other}, d-{n} for f-{n} {{\n  because \"see plan {n}\"\n  by      director\n  \
             until   2027-06-30\n}}\n"
        ),
        11 => format!(
            "scenario w-{n} {{\n  at     2026-10-01\n  lose   e-{other}, d-{n}\n  expect f-{n} continues \
             within 10s at 1.8 MW\n  lose   any 2 of kind machine\n  expect b-{n} stays idle\n}}\n"
        ),
        12 => format!(
            "backup g-{n} = hot-standby(primary: e-{other}, place: zone-b) {{\n  protects   f-{n}\n  \
             covers     40 bed for 30d\n}}\n"
        ),
        _ => format!("apply std.packs.nfpa-{n} to f-{other}, f-{n}\n"),
    };
    docs + &body
}

fn backup(n: usize, other: usize) -> String {
    format!(
        "backup b-{n} : generator for e-{other} {{\n  protects   f-{n}\n  in         roof-plant\n  needs      \
         tank-{n}, pump-{other}\n  readiness  hot\n  covers     2 MW for 96h resupplied by depot within 4h\n  \
         restores   within 8s\n  owner      facilities\n  reserved\n  cost       41000 EUR/year\n\n  activate {{\n    \
         when     (s-{n} or not s-{other}) and 2 of [x, y, z] for 1s\n    by       automatic on ats-1, then \
         rota-{n} within 5min\n    fence    e-{other} via ats-1\n    steps    \"Open the valve\", \"Close it\"\n    \
         fail safe when earth-fault \"open the breaker\"\n  }}\n\n  /// Monthly.\n  test load-run {{\n    every    \
         30d\n    from     cold\n    proves   activation, load 0.6 MW for 30min\n    last     2026-11-02 passed \
         evidence \"logs/{n}.pdf\"\n    owner    facilities\n  }}\n}}\n"
    )
}
