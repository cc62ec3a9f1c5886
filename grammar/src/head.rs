//! The clauses: one table says what each is called, where it may stand, how often, which dimension
//! its quantity has, and what it means. The checker, the messages, the editor and the reference
//! all read it.

/// Where a clause may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Place {
    Dependency,
    Signal,
    Function,
    Backup,
    Activate,
    Test,
    Accept,
}

impl Place {
    /// The place in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Place::Dependency => "a dependency",
            Place::Signal => "a signal",
            Place::Function => "a function",
            Place::Backup => "a backup",
            Place::Activate => "an activation rule",
            Place::Test => "a test",
            Place::Accept => "an acceptance",
        }
    }
}

/// What sort of quantity a clause takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// None, or one that depends on other clauses.
    Free,
    /// A duration.
    Duration,
    /// Money, or money per time.
    Money,
    /// Something per time.
    Rate,
    /// A number between 0 and 1, or a percentage.
    Share,
}

/// What a row of the table says of a clause.
#[derive(Debug)]
pub struct HeadInfo {
    /// Its words, as written.
    pub words: &'static str,
    /// Where it may stand.
    pub places: &'static [Place],
    /// Whether it may be given more than once in a place.
    pub repeatable: bool,
    /// What quantity it takes.
    pub measure: Measure,
    /// How it is written.
    pub form: &'static str,
    /// One that parses in each of its places.
    pub example: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

macro_rules! heads {
    ($($(#[$repeat:ident])? $variant:ident $words:literal [$($place:ident)*] $measure:ident $form:literal $example:literal $meaning:literal)*) => {
        /// Which clause.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Head { $($variant,)* }

        impl Head {
            /// Every clause, in the order of the table.
            pub const ALL: &[Head] = &[$(Head::$variant),*];

            /// The clause's row.
            pub fn info(self) -> &'static HeadInfo {
                match self {
                    $(Head::$variant => &HeadInfo {
                        words: $words,
                        places: &[$(Place::$place),*],
                        repeatable: heads!(@repeat $($repeat)?),
                        measure: Measure::$measure,
                        form: $form,
                        example: $example,
                        meaning: $meaning,
                    },)*
                }
            }
        }
    };
    (@repeat many) => { true };
    (@repeat) => { false };
}

heads! {
    Owner "owner" [Dependency Function Backup Test] Free "owner NAME" "owner facilities" "Who answers for it."
    #[many] DependsOn "depends on" [Function] Free "depends on NEEDS" "depends on city-grid, 1 of [pump-a, pump-b]" "What the function cannot do without."
    #[many] Needs "needs" [Dependency Backup] Free "needs NEEDS [to run]" "needs diesel-tank, 1 of [ana, bo]" "What it rests on; `to run` is required while running and no bar to starting."
    #[many] In "in" [Dependency Backup] Free "in NEEDS" "in roof-plant" "Where it stands: losing the place loses it."
    #[many] ExposedTo "exposed to" [Dependency Backup] Free "exposed to NEEDS" "exposed to flood-zone-a" "A hazard whose coming takes it."
    #[many] ControlledBy "controlled by" [Dependency Backup] Free "controlled by NAMES" "controlled by admin-account" "Who or what can destroy it."
    Changed "changed" [Dependency Function Backup] Free "changed DATE" "changed 2026-10-01" "When it was last changed; older tests are stale."
    RepairedWithin "repaired within" [Dependency Backup] Duration "repaired within D" "repaired within 24h" "How long a repair takes at most."
    Fails "fails" [Dependency Backup] Rate "fails RATE" "fails 1e-5/h" "How often it fails."
    Unavailability "unavailability" [Dependency Backup] Share "unavailability P" "unavailability 0.1%" "The share of time in which it is not there."
    Capacity "capacity" [Dependency Backup] Free "capacity Q" "capacity 9000 L" "How much it can carry or hold."
    #[many] Rto "rto" [Function] Duration "rto D [on corruption | on compromise | on loss of kind K]" "rto 4h" "Recovery time objective: how long until the minimum is served again."
    #[many] Rpo "rpo" [Function] Duration "rpo D [on …]" "rpo 15min" "Recovery point objective: the age of data that may be lost."
    Mtpd "mtpd" [Function] Duration "mtpd D" "mtpd 2d" "Maximum tolerable period of disruption."
    Demand "demand" [Function] Free "demand Q [for D]" "demand 1.8 MW for 96h" "What the function uses, and for how long it must be sustained."
    Minimum "minimum" [Function] Free "minimum Q [for D]" "minimum 0.9 MW for 96h" "Minimum business continuity objective: the least acceptable level."
    Tags "tags" [Dependency Function Backup] Free "tags NAMES" "tags life-safety" "Words that policies select by."
    #[many] Survives "survives" [Function] Free "survives any N loss [of kind K] | survives each of [..]" "survives any 1 loss" "The losses that must not end the function."
    Budget "budget" [Function] Money "budget MONEY" "budget 420000 EUR/year" "What its continuity may cost."
    MayDegrade "may degrade" [Function] Duration "may degrade for D" "may degrade for 72h" "How long the minimum alone is acceptable."
    Protects "protects" [Backup] Free "protects FUNCTIONS" "protects life-support" "The functions the backup is kept for."
    Cost "cost" [Dependency Backup] Money "cost MONEY" "cost 41000 EUR/year" "What it costs."
    RetireBy "retire by" [Backup] Free "retire by DATE" "retire by 2031-12-31" "When it must be replaced."
    ContractUntil "contract until" [Dependency Backup] Free "contract until DATE" "contract until 2028-12-31" "When its contract ends."
    Covers "covers" [Backup] Free "covers Q [for D] [resupplied by X within D]" "covers 2 MW for 96h" "How much it carries, and for how long."
    CoversQuality "covers" [Backup] Free "covers full | covers degraded \"…\"" "covers degraded \"no refunds\"" "How well it serves."
    IndependentOf "independent of" [Function Backup] Free "independent of NAMES" "independent of city-grid" "What it must share nothing with."
    DiverseBy "diverse by" [Backup] Free "diverse by FIELDS" "diverse by vendor, technology" "The fields in which it must differ from its primary."
    Readiness "readiness" [Backup] Free "readiness hot | warm | cold | stocked | trained | contracted | recoverable" "readiness hot" "How ready it is kept."
    RestoresWithin "restores within" [Backup] Duration "restores within D" "restores within 8s" "How long from the decision until it serves."
    LagWithin "lag within" [Dependency Backup] Duration "lag within D" "lag within 2s" "How far a copy may be behind what it follows."
    Immutable "immutable" [Dependency Backup] Free "immutable" "immutable" "Nobody can alter or delete it."
    DelayedBy "delayed by" [Dependency Backup] Duration "delayed by D" "delayed by 4h" "How much later than its primary a copy takes a change."
    VerifiedWithin "verified within" [Backup] Duration "verified within D" "verified within 30min" "How long checking it takes before it serves."
    CatchesUpWithin "catches up within" [Backup] Duration "catches up within D" "catches up within 4h" "How long until lost work is done again."
    Stock "stock" [Dependency Backup] Free "stock Q [expires DATE]" "stock 4 part expires 2027-01-01" "What is stored."
    InstalledBy "installed by" [Backup] Free "installed by NEEDS" "installed by store-crew" "Who puts it in place."
    Instructions "instructions" [Backup] Free "instructions \"…\", …" "instructions \"Open the valve\", \"Start the pump\"" "How it is put to work."
    Reserved "reserved" [Backup] Free "reserved" "reserved" "Kept for this purpose alone."
    Lends "lends" [Backup] Share "lends P [recall within D by X]" "lends 20% recall within 10min by dispatcher" "What is lent for ordinary work, and how it comes back."
    LeadTime "lead time" [Dependency Backup] Duration "lead time D" "lead time 3w" "How long delivery takes."
    Data "data" [Dependency Function Backup] Free "data WORD" "data restricted" "The classification of the data it holds."
    Encrypted "encrypted" [Dependency Backup] Free "encrypted" "encrypted" "Its data are encrypted."
    Audited "audited" [Dependency Backup] Free "audited" "audited" "Its use is recorded."
    Compensated "compensated" [Dependency Backup] Free "compensated" "compensated" "People are paid for the duty."
    AgreedBy "agreed by" [Dependency Backup] Free "agreed by NAMES" "agreed by ana, bo" "Who agreed to the duty."
    #[many] Allow "allow" [Dependency Signal Function Backup] Free "allow SLUG because \"…\"" "allow no-owner because \"shared by all\"" "Silences a warning or hint, with the reason."
    Activate "activate" [Backup] Free "activate { … }" "activate { when feeder-dead  by plant-rota within 5min }" "How the backup is put to work."
    #[many] Test "test" [Backup] Free "test NAME { … }" "test load-run { every 30d  proves activation }" "How the backup is shown to work."
    Field "" [Dependency Function Backup] Free "FIELD VALUE" "fuel \"diesel\"" "A field of the element's kind."
    When "when" [Activate] Free "when SIGNALS [for D]" "when feeder-dead for 1s" "What must be observed, and for how long."
    By "by" [Activate] Free "by A [within D], then B [within D]" "by automatic on ats-1, then plant-rota within 5min" "Who decides, in order of succession."
    #[many] Fence "fence" [Activate] Free "fence X via Y" "fence city-grid via ats-1" "What keeps the primary from acting as well."
    #[many] With "with" [Activate] Free "with CREDENTIALS" "with sealed-key" "What opens it."
    #[many] Reach "reach" [Activate] Free "reach NAMES [within D]" "reach site-radio within 5min" "The way to it."
    FundedBy "funded by" [Activate] Free "funded by NAMES" "funded by credit-line" "What pays for it."
    Steps "steps" [Activate] Free "steps \"…\", …" "steps \"Open the valve\", \"Close it\"" "What is done, in order."
    HandBack "hand back" [Activate] Free "hand back when SIGNALS [for D] | hand back \"…\"" "hand back when feeder-back for 1h" "How the primary takes over again."
    #[many] FailSafe "fail safe" [Activate] Free "fail safe when SIGNALS \"…\"" "fail safe when earth-fault \"open the breaker\"" "When not to continue, and what to do instead."
    Every "every" [Test] Duration "every D" "every 30d" "How often it is held."
    Exercise "by" [Test] Free "by tabletop | drill | functional | full-scale" "by functional" "The level of exercise."
    FromCold "from cold" [Test] Free "from cold" "from cold" "Held from a standstill."
    Proves "proves" [Test] Free "proves activation, load Q [for D], …" "proves activation, load 2 MW for 30min" "What it shows."
    Last "last" [Test] Free "last DATE passed | failed [evidence \"…\"]" "last 2026-11-02 passed evidence \"logs/run.pdf\"" "When it was last held, and how it went."
    Expires "expires" [Test] Free "expires DATE" "expires 2027-01-01" "When its result no longer counts."
    From "from" [Signal] Free "from NEEDS" "from probe-a" "What observes it."
    Query "query" [Signal] Free "query \"…\"" "query \"volts < 360\"" "What is asked of the monitor."
    Within "within" [Signal] Duration "within D" "within 2s" "How long until it is seen."
    Because "because" [Accept] Free "because \"…\"" "because \"see plan E-4\"" "The reason."
    AcceptedBy "by" [Accept] Free "by NAME" "by medical-director" "Who accepts it."
    Until "until" [Accept] Free "until DATE" "until 2027-06-30" "When the acceptance ends."
    Broken "" [Dependency Signal Function Backup Activate Test Accept] Free "" "" "A clause that could not be read."
}

impl Head {
    /// The clause's words, as written.
    pub fn words(self) -> &'static str {
        self.info().words
    }

    /// The clause whose first word is `word` in `place`.
    pub fn starting(word: &str, place: Place) -> Option<Head> {
        let found = Head::ALL.iter().find(|head| {
            let info = head.info();
            info.places.contains(&place) && info.words.split(' ').next() == Some(word)
        });
        found.copied()
    }
}
