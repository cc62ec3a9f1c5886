//! What generated files are made of: small groups of declarations as people write them.
//!
//! In these texts `#` is the block's own number, `$` and `&` are the numbers of two sites, and `@`
//! is the number of a block of another file; `~` is an amount that differs from block to block.

/// What a site declares: places, people who decide, ways to reach them, keys.
pub(super) const SITE: &str = r#"
dependency hall-#  : building
dependency annex-# : building "Across the yard"
dependency line-#   : link      { in hall-#  carrier citynet }
dependency mobile-# : telephony { carrier telmobil }
dependency key-#  : physical-key { in hall-#   audited }
dependency safe-# : physical-key { in annex-#  audited }

/// Whoever is on duty decides; any one of them is enough.
dependency ana-# : person
dependency bo-#  : person
dependency chi-# : person
dependency rota-# : rota { needs 1 of [ana-#, bo-#, chi-#]  compensated  agreed by ana-#, bo-#, chi-# }
dependency dov-# : person
dependency eva-# : person
dependency office-# : office { needs 1 of [dov-#, eva-#]  compensated  agreed by dov-#, eva-# }

/// What watches, apart from what it watches.
dependency probe-#  : probe { in annex-# }
dependency quorum-# : failover-controller { needs 2 of [seat-#, vote-#, watch-#] }
dependency seat-#   : server { in hall-# }
dependency vote-#   : server { in annex-# }
dependency watch-#  : server
dependency tenancy-# : cloud-account { vendor norwind }
dependency vault-#   : cloud-account { vendor stonebank }
"#;

/// A load on a feeder, and a generator that takes it over.
const POWER: &str = r#"
dependency feeder-# : utility-feed "Feeder #" { voltage 10 kV  repaired within 24h }
dependency switch-# : transfer-switch { in annex-$ }
dependency start-#  : battery { in annex-$ }
/// Filled to the brim after every run.
dependency tank-#   : fuel-store { in annex-$  fuel "diesel"  capacity 9000 L }
dependency relay-#  : sensor { in annex-$ }
signal dead-#  { from switch-#  query "feeder_#_volts < 9000"  within 1s }
signal earth-# { from relay-#   query "residual_amps_# > 5"    within 1s }

/// What must not go dark.
function lights-# "Load on feeder #" {
  owner      estates
  depends on feeder-#
  rto        15s
  mtpd       2min
  demand     ~ kW for 24h
  survives   any 1 loss
  budget     120000 EUR/year
}

backup engine-# : generator for feeder-# {
  protects   lights-#
  in         annex-$
  needs      tank-#, start-#
  fuel       "diesel"
  readiness  hot
  covers     1 MW for 24h
  restores   within 8s
  owner      estates
  reserved
  cost       46000 EUR/year
  activate {
    when     dead-# for 1s
    by       automatic on switch-#, then rota-$ within 3min
    with     1 of [key-$, safe-$]
    reach    mobile-$
    fence    feeder-# via switch-#
    fail safe when earth-# "Open the breaker; do not energise."
    hand back when not dead-# for 30min
  }
  test endurance {
    every    1y
    by       full-scale
    from     cold
    proves   activation, restore, split-control, load 1 MW for 24h
    last     2026-05-17 passed evidence "logs/engine-#.csv"
    owner    compliance
  }
}
"#;

/// A ledger with a copy that follows it and one that stays as it was.
const LEDGER: &str = r#"
dependency desk-# : application { in hall-$  capacity 1200 tps }
dependency twin-# : application { in hall-&  capacity 1200 tps }
dependency books-# : database {
  in hall-$
  controlled by tenancy-$
  vendor norwind
  data restricted  encrypted  audited
}
signal silent-# { from probe-$  query "ledger_#_write_ok == 0"  within 10s }
signal sound-#  { from probe-&  query "ledger_#_lag_seconds < 1"  within 10s }
signal differ-# { from probe-&  query "scheme_total != ledger_#_total"  within 10min }

/// Charge a card while the customer waits.
function pay-# {
  owner      payments
  depends on 1 of [desk-#, twin-#], books-#
  rto        5min
  rto        6h on corruption
  rto        6h on compromise
  rpo        5s
  rpo        30min on corruption
  rpo        30min on compromise
  mtpd       12h
  demand     ~ tps for 72h
  minimum    100 tps for 72h
  may degrade for 72h
  survives   any 1 loss
  budget     420000 EUR/year
}

/// Follows within seconds, mistakes included.
backup copy-# : replica for books-# {
  protects   pay-#
  in         hall-&
  controlled by tenancy-&
  vendor     norwind
  readiness  hot
  lag within 2s
  covers     1200 tps for 72h
  restores   within 60s
  catches up within 10min
  owner      database-team
  data restricted  encrypted  audited
  reserved
  cost       21000 EUR/year
  activate {
    when     silent-# for 30s
    by       automatic on quorum-&, then rota-& within 2min
    fence    books-# via quorum-&
    with     1 of [key-&, safe-&]
    reach    mobile-&
    steps    "Check that the lease has run out", "Promote the copy", "Point writers at it"
    hand back when sound-# and not silent-# for 1h
  }
  /// Each quarter a long weekend is run from the copy.
  test rotation {
    every    90d
    by       full-scale
    proves   activation, restore, split-control, load 1200 tps for 72h
    last     2026-10-03 passed evidence "reports/rotation-#.pdf"
    owner    assurance
  }
}

/// What was written stays as it was.
backup vault-copy-# : archive for books-# {
  protects   pay-#
  needs      bench-#
  controlled by vault-$
  vendor     stonebank
  diverse by vendor
  readiness  recoverable
  immutable
  lag within 15min
  covers     400 tps for 72h
  covers     degraded "payments only; no refunds, no reports"
  restores   within 3h
  verified within 30min
  catches up within 4h
  instructions "Restore to the bench", "Compare totals", "Open to writers"
  owner      data-office
  data restricted  encrypted  audited
  reserved
  cost       8800 EUR/year
  activate {
    when     differ-# for 5min
    by       rota-& within 20min, then office-& within 40min
    fence    books-# via quorum-&
    with     1 of [key-&, safe-&]
    reach    mobile-&
    hand back "The restored ledger becomes the primary once both teams have signed."
  }
  test restore {
    every    90d
    by       full-scale
    from     cold
    proves   restore, integrity, activation, load 400 tps for 72h
    last     2026-09-19 passed evidence "reports/restore-#.pdf"
    owner    assurance
  }
}
dependency bench-# : server { in annex-& }
"#;

/// A machine that rests on a part, with the part on the shelf.
const MACHINE: &str = r#"
dependency drive-# : component "Drive of press #" { in hall-$  number "MD-#" }
dependency count-# : sensor { in annex-$ }
/// Any two of the three compressors keep it going.
dependency air-#   : compressor
dependency blow-#  : compressor
dependency draft-# : compressor
signal still-# { from count-#  query "strokes_# in 30 min == 0"  within 30min }

function stamp-# "Panels of press #" {
  owner      production
  depends on drive-#, 2 of [air-#, blow-#, draft-#]
  rto        36h
  mtpd       6d
  demand     ~ part/day for 14d
  survives   any 1 loss
  budget     250000 EUR/year
}

/// Turned by hand each month, and swapped in at each summer stop.
backup shelf-# : spare-part for drive-# {
  protects   stamp-#
  in         annex-$
  number     "MD-#"
  readiness  stocked
  stock      1 part expires 2031-08-31
  installed by 1 of [rota-$, office-$]
  covers     1000 part/day for 14d
  restores   within 16h
  catches up within 1d
  owner      maintenance
  reserved
  cost       38000 EUR/year
  activate {
    when     still-# for 30min
    by       rota-$ within 2h, then office-$ within 4h
    with     1 of [key-$, safe-$]
    reach    mobile-$ within 1h
    steps    "Lock out the press", "Swap the drive by sheet #"
    hand back "The repaired drive goes on the shelf as the spare."
  }
  test summer-swap {
    every    1y
    by       full-scale
    from     cold
    proves   sample, skills, activation, restore, load 1000 part/day for 14d
    last     2026-08-16 passed evidence "maintenance/drive-#.pdf"
    owner    quality
  }
}
"#;

/// A person whose work another can do.
const PEOPLE: &str = r#"
dependency clerk-# : person "Clerk #"
dependency front-# : service "Reception" { in annex-& }
signal absent-# { from front-#  query "clerk # not at work"  within 1h }

/// The right amount, on the day that the law names.
function run-# {
  owner      human-resources
  depends on clerk-#, 1 of [line-$, mobile-&]
  rto        1d
  mtpd       5d
  demand     ~ payment/day for 2d
  survives   any 1 loss
  budget     30000 EUR/year
}

backup deputy-# : person for clerk-# "Deputy #" {
  protects   run-#
  readiness  trained
  covers     1400 payment/day for 2d
  restores   within 2h
  owner      human-resources
  compensated
  agreed by deputy-#
  reserved
  cost       9000 EUR/year
  activate {
    when     absent-# for 2h
    by       rota-$ within 4h, then office-$ within 8h
    with     1 of [key-&, safe-&]
    reach    mobile-&
    steps    "Open the reserve account", "Prepare the run from the calendar"
    hand back when not absent-# for 1d
  }
  /// Every quarter the deputy prepares the real run.
  test turn {
    every    90d
    by       full-scale
    proves   role, activation, load 1400 payment/day for 2d
    last     2026-09-25 passed evidence "runs/#.pdf"
    owner    internal-audit
  }
}
"#;

/// A service that runs twice, part of it on what another file declares.
pub(super) const SERVICE: &str = r#"
dependency left-#  : application { in hall-$   needs node-#  capacity 900 rps }
dependency right-# : application { in annex-$  needs node-@  capacity 900 rps }
dependency node-#  : cluster { vendor norwind }
dependency guest-# : server  { in annex-&  needs node-# }

/// Shows people what they came for.
function portal-# "Portal #" {
  owner      digital
  depends on 1 of [left-#, right-#], 1 of [line-$, mobile-&], 1 of [guest-#, node-@]
  rto        1h
  mtpd       1d
  demand     ~ rps for 24h
  survives   any 1 loss
  budget     15000 EUR/year
}
"#;

/// The blocks of a file that is no site, as often as they occur.
pub(super) const BLOCKS: [&str; 8] =
    [POWER, LEDGER, MACHINE, PEOPLE, SERVICE, SERVICE, MACHINE, PEOPLE];

/// What makes a block flawed: a text in it and what an author in a hurry wrote instead.
pub(super) const FLAWS: [(&str, &str); 12] = [
    ("last     2026", "last     2024"),
    ("  reach    mobile-$\n", ""),
    ("  owner      human-resources\n", ""),
    ("readiness  hot", "readiness  ready"),
    ("in         annex-$", "in         hall-$"),
    ("covers     1000 part/day", "covers     100 part/day"),
    ("covers     1 MW for 24h", "covers     1 MW for 2h"),
    ("depends on clerk-#", "depends on clerc-#"),
    ("rto        1h", "rto        1 furlong"),
    ("1 of [left-#, right-#]", "left-#"),
    ("  test ", "  tset "),
    ("demand     ~ part/day for 14d\n", ""),
];
