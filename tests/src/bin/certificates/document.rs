//! Rule sets made for the purpose: functions with pairs of machines at two sites, the second the backup of the first.
//! Nothing is open in them.

use rbp_ruleset::verify::verify;
use rbp_ruleset::{
    Activation, Authority, Backup, Condition, Element, Function, HandBack, Loss, LossSort, Need,
    NeedSort, Objective, Obligation, Package, Reach, Restoration, RuleSet, Signal, Test,
    TestResult, TimeBudget, TimeStep, VERSION, Verdict, certify,
};

/// The time from a loss until a backup serves, step by step, in milliseconds.
const STEPS: [(&str, u64); 3] = [("detect", 1000), ("decide", 60_000), ("restore", 120_000)];

/// A rule set of so many functions with so many pairs each: four elements a pair, and what the sites share.
pub fn document(functions: usize, pairs: usize) -> Result<RuleSet, Box<dyn std::error::Error>> {
    let package = Package {
        name: "made".into(),
        version: "1.0.0".into(),
        survives: 1,
        dependencies: Vec::new(),
    };
    let mut rules = RuleSet {
        version: VERSION,
        verified: true,
        as_of: "2026-11-23".into(),
        package,
        functions: Vec::new(),
        elements: Vec::new(),
        signals: Vec::new(),
        backups: Vec::new(),
        acceptances: Vec::new(),
        obligations: Vec::new(),
        certificates: Vec::new(),
        digest: String::new(),
    };
    for site in ["a", "b"] {
        rules.elements.push(element(format!("m.site-{site}"), "place", Vec::new()));
        for shared in ["net", "power", "probe"] {
            rules.elements.push(element(
                format!("m.{shared}-{site}"),
                "machine",
                vec![one(NeedSort::In, format!("m.site-{site}"))],
            ));
        }
        rules.elements.push(element(format!("m.crew-{site}"), "actor", Vec::new()));
    }
    rules.elements.push(element("m.radio".into(), "machine", Vec::new()));
    for number in 0..functions {
        function(&mut rules, number, pairs);
    }
    rules.functions.sort_by(|a, b| a.id.cmp(&b.id));
    rules.elements.sort_by(|a, b| a.id.cmp(&b.id));
    rules.signals.sort_by(|a, b| a.id.cmp(&b.id));
    rules.backups.sort_by(|a, b| a.id.cmp(&b.id));
    certify(&mut rules)?;
    rules.obligations = owed(&rules);
    Ok(rules)
}

/// What the checker says is owed and not stated.
fn owed(rules: &RuleSet) -> Vec<Obligation> {
    let found = verify(rules, None).findings.into_iter();
    let owed = found.filter(|finding| finding.message.starts_with("it is owed"));
    let mut obligations: Vec<Obligation> = owed
        .map(|finding| Obligation {
            functions: finding.functions,
            component: String::new(),
            rule: finding.rule,
            policy: None,
            subject: finding.subject.unwrap_or_default(),
            verdict: Verdict::Proved,
            acceptance: None,
            losses: Vec::new(),
            message: None,
        })
        .collect();
    obligations.sort();
    obligations
}

fn function(rules: &mut RuleSet, number: usize, pairs: usize) {
    let id = format!("m.function-{number:05}");
    let signal = format!("m.dead-{number:05}");
    let from = some(NeedSort::Uses, 1, ["m.probe-a", "m.probe-b"]);
    rules.signals.push(Signal {
        id: signal.clone(),
        title: signal.clone(),
        from: vec![from],
        query: None,
        within_ms: Some(1000),
    });
    let mut depends_on = Vec::new();
    let (mut spares, mut restorations, mut time_budgets) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..pairs {
        let of = |what: &str| format!("m.{what}-{number:05}-{pair:05}");
        for (machine, rack, site) in [("main", "rack-a", "a"), ("spare", "rack-b", "b")] {
            let needs = vec![
                one(NeedSort::In, format!("m.site-{site}")),
                one(NeedSort::Needs, format!("m.power-{site}")),
            ];
            rules.elements.push(element(of(rack), "machine", needs));
            let needs =
                vec![one(NeedSort::In, of(rack)), one(NeedSort::Needs, format!("m.net-{site}"))];
            rules.elements.push(element(of(machine), "machine", needs));
        }
        depends_on.push(one(NeedSort::DependsOn, of("main")));
        spares.push(of("spare"));
        restorations.push(restoration([of("main"), of("rack-a")].to_vec(), vec![of("spare")]));
        let steps = STEPS.iter().map(|(step, ms)| TimeStep { step: (*step).to_owned(), ms: *ms });
        time_budgets.push(TimeBudget {
            backup: of("spare"),
            steps: steps.collect(),
            complete: true,
        });
        let order = rules.backups.len() as u32;
        rules.backups.push(backup(of("spare"), order, of("main"), id.clone(), signal.clone()));
    }
    let shared = ["m.net-a", "m.power-a", "m.site-a"].map(str::to_owned).to_vec();
    restorations.push(restoration(shared, spares));
    let rto = vec![Objective { within_ms: 600_000, on: None, of_kind: None }];
    rules.functions.push(Function {
        title: id.clone(),
        id,
        package: None,
        owner: Some("ops".into()),
        depends_on,
        rto,
        rpo: Vec::new(),
        mtpd_ms: None,
        demand: None,
        minimum: None,
        may_degrade_ms: None,
        survives: Vec::new(),
        budget: None,
        changed: None,
        tags: Vec::new(),
        cut_sets: Vec::new(),
        cut_sets_to: 0,
        restorations,
        time_budgets,
    });
}

fn restoration(after: Vec<String>, by: Vec<String>) -> Restoration {
    let lost = |element| Loss { sort: LossSort::Lost, element };
    let within_ms = STEPS.iter().map(|(_, ms)| ms).sum();
    Restoration { after: after.into_iter().map(lost).collect(), by, within_ms }
}

fn one(sort: NeedSort, of: String) -> Need {
    Need { sort, count: 1, of: vec![of], to_run: false }
}

fn some<const N: usize>(sort: NeedSort, count: u32, of: [&str; N]) -> Need {
    Need { sort, count, of: of.iter().map(|name| (*name).to_owned()).collect(), to_run: false }
}

fn element(id: String, kind: &str, needs: Vec<Need>) -> Element {
    Element {
        title: id.clone(),
        id,
        kinds: vec![kind.to_owned()],
        owner: Some("ops".into()),
        needs,
        controlled_by: Vec::new(),
        immutable: false,
        lag_ms: None,
        delayed_ms: None,
        capacity: None,
        stock: None,
        repaired_ms: None,
        fails: None,
        unavailability: None,
        changed: None,
        contract_until: None,
        cost: None,
        data: None,
        encrypted: false,
        audited: false,
        compensated: false,
        agreed_by: Vec::new(),
        fields: Default::default(),
        measures: Default::default(),
    }
}

fn backup(id: String, order: u32, primary: String, function: String, signal: String) -> Backup {
    let by = Authority {
        automatic: false,
        who: some(NeedSort::Uses, 1, ["m.crew-a", "m.crew-b"]),
        within_ms: Some(60_000),
    };
    let activation = Activation {
        when: Some(Condition::Signal(signal)),
        hold_ms: None,
        by: vec![by],
        fences: Vec::new(),
        with: Vec::new(),
        reach: vec![Reach { via: vec!["m.radio".into()], within_ms: None }],
        funded_by: Vec::new(),
        steps: Vec::new(),
        hand_back: Some(HandBack::How("by hand".into())),
        fail_safe: Vec::new(),
    };
    Backup {
        id,
        package: None,
        order,
        primary: Some(primary),
        protects: vec![function],
        readiness: Some("warm".into()),
        covers: None,
        full: true,
        degraded: None,
        restores_ms: Some(120_000),
        verified_ms: None,
        catches_up_ms: None,
        lead_time_ms: None,
        independent_of: Vec::new(),
        diverse_by: Vec::new(),
        installed_by: Vec::new(),
        instructions: Vec::new(),
        reserved: true,
        lends: None,
        retire_by: None,
        activation: Some(activation),
        tests: vec![test()],
    }
}

fn test() -> Test {
    let evidence = Some("logs/2026-11-01.pdf".to_owned());
    Test {
        name: "switchover".into(),
        every_ms: Some(90 * 86_400_000),
        exercise: None,
        from_cold: false,
        proves: vec!["activation".into(), "restore".into()],
        loads: Vec::new(),
        owner: Some("ops".into()),
        last: Some(TestResult { day: "2026-11-01".into(), passed: true, evidence }),
        due: Some("2027-01-30".into()),
        expires: None,
    }
}
