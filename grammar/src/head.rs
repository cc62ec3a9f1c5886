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
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

macro_rules! heads {
    ($($(#[$repeat:ident])? $variant:ident $words:literal [$($place:ident)*] $measure:ident $form:literal $meaning:literal)*) => {
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
    Owner "owner" [Dependency Function Backup Test] Free "owner NAME" "Who answers for it."
    #[many] DependsOn "depends on" [Function] Free "depends on NEEDS" "What the function cannot do without."
    #[many] Needs "needs" [Dependency Backup] Free "needs NEEDS [to run]" "What it rests on; `to run` is required while running and no bar to starting."
    #[many] In "in" [Dependency Backup] Free "in NEEDS" "Where it stands: losing the place loses it."
    #[many] ExposedTo "exposed to" [Dependency Backup] Free "exposed to NEEDS" "A hazard whose coming takes it."
    #[many] ControlledBy "controlled by" [Dependency Backup] Free "controlled by NAMES" "Who or what can destroy it."
    Changed "changed" [Dependency Function Backup] Free "changed DATE" "When it was last changed; older tests are stale."
    RepairedWithin "repaired within" [Dependency Backup] Duration "repaired within D" "How long a repair takes at most."
    Fails "fails" [Dependency Backup] Rate "fails RATE" "How often it fails."
    Unavailability "unavailability" [Dependency Backup] Share "unavailability P" "The share of time in which it is not there."
    Capacity "capacity" [Dependency Backup] Free "capacity Q" "How much it can carry or hold."
    #[many] Rto "rto" [Function] Duration "rto D [on corruption | on compromise | on loss of kind K]" "Recovery time objective: how long until the minimum is served again."
    #[many] Rpo "rpo" [Function] Duration "rpo D [on …]" "Recovery point objective: the age of data that may be lost."
    Mtpd "mtpd" [Function] Duration "mtpd D" "Maximum tolerable period of disruption."
    Demand "demand" [Function] Free "demand Q [for D]" "What the function uses, and for how long it must be sustained."
    Minimum "minimum" [Function] Free "minimum Q [for D]" "Minimum business continuity objective: the least acceptable level."
    Tags "tags" [Dependency Function Backup] Free "tags NAMES" "Words that policies select by."
    #[many] Survives "survives" [Function] Free "survives any N loss [of kind K] | survives each of [..]" "The losses that must not end the function."
    Budget "budget" [Function] Money "budget MONEY" "What its continuity may cost."
    MayDegrade "may degrade" [Function] Duration "may degrade for D" "How long the minimum alone is acceptable."
    Protects "protects" [Backup] Free "protects FUNCTIONS" "The functions the backup is kept for."
    Cost "cost" [Dependency Backup] Money "cost MONEY" "What it costs."
    RetireBy "retire by" [Backup] Free "retire by DATE" "When it must be replaced."
    ContractUntil "contract until" [Dependency Backup] Free "contract until DATE" "When its contract ends."
    Covers "covers" [Backup] Free "covers Q [for D] [resupplied by X within D]" "How much it carries, and for how long."
    CoversQuality "covers" [Backup] Free "covers full | covers degraded \"…\"" "How well it serves."
    IndependentOf "independent of" [Function Backup] Free "independent of NAMES" "What it must share nothing with."
    DiverseBy "diverse by" [Backup] Free "diverse by FIELDS" "The fields in which it must differ from its primary."
    Readiness "readiness" [Backup] Free "readiness hot | warm | cold | stocked | trained | contracted | recoverable" "How ready it is kept."
    RestoresWithin "restores within" [Backup] Duration "restores within D" "How long from the decision until it serves."
    LagWithin "lag within" [Dependency Backup] Duration "lag within D" "How far a copy may be behind what it follows."
    Immutable "immutable" [Dependency Backup] Free "immutable" "Nobody can alter or delete it."
    DelayedBy "delayed by" [Dependency Backup] Duration "delayed by D" "How much later than its primary a copy takes a change."
    VerifiedWithin "verified within" [Backup] Duration "verified within D" "How long checking it takes before it serves."
    CatchesUpWithin "catches up within" [Backup] Duration "catches up within D" "How long until lost work is done again."
    Stock "stock" [Dependency Backup] Free "stock Q [expires DATE]" "What is stored."
    InstalledBy "installed by" [Backup] Free "installed by NEEDS" "Who puts it in place."
    Instructions "instructions" [Backup] Free "instructions \"…\", …" "How it is put to work."
    Reserved "reserved" [Backup] Free "reserved" "Kept for this purpose alone."
    Lends "lends" [Backup] Share "lends P [recall within D by X]" "What is lent for ordinary work, and how it comes back."
    LeadTime "lead time" [Dependency Backup] Duration "lead time D" "How long delivery takes."
    Data "data" [Dependency Function Backup] Free "data WORD" "The classification of the data it holds."
    Encrypted "encrypted" [Dependency Backup] Free "encrypted" "Its data are encrypted."
    Audited "audited" [Dependency Backup] Free "audited" "Its use is recorded."
    Compensated "compensated" [Dependency Backup] Free "compensated" "People are paid for the duty."
    AgreedBy "agreed by" [Dependency Backup] Free "agreed by NAMES" "Who agreed to the duty."
    #[many] Allow "allow" [Dependency Signal Function Backup] Free "allow SLUG because \"…\"" "Silences a warning or hint, with the reason."
    Activate "activate" [Backup] Free "activate { … }" "How the backup is put to work."
    #[many] Test "test" [Backup] Free "test NAME { … }" "How the backup is shown to work."
    Field "" [Dependency Function Backup] Free "FIELD VALUE" "A field of the element's kind."
    When "when" [Activate] Free "when SIGNALS [for D]" "What must be observed, and for how long."
    By "by" [Activate] Free "by A [within D], then B [within D]" "Who decides, in order of succession."
    #[many] Fence "fence" [Activate] Free "fence X via Y" "What keeps the primary from acting as well."
    #[many] With "with" [Activate] Free "with CREDENTIALS" "What opens it."
    #[many] Reach "reach" [Activate] Free "reach NAMES [within D]" "The way to it."
    FundedBy "funded by" [Activate] Free "funded by NAMES" "What pays for it."
    Steps "steps" [Activate] Free "steps \"…\", …" "What is done, in order."
    HandBack "hand back" [Activate] Free "hand back when SIGNALS [for D] | hand back \"…\"" "How the primary takes over again."
    #[many] FailSafe "fail safe" [Activate] Free "fail safe when SIGNALS \"…\"" "When not to continue, and what to do instead."
    Every "every" [Test] Duration "every D" "How often it is held."
    Exercise "by" [Test] Free "by tabletop | drill | functional | full-scale" "The level of exercise."
    FromCold "from cold" [Test] Free "from cold" "Held from a standstill."
    Proves "proves" [Test] Free "proves activation, load Q [for D], …" "What it shows."
    Last "last" [Test] Free "last DATE passed | failed [evidence \"…\"]" "When it was last held, and how it went."
    Expires "expires" [Test] Free "expires DATE" "When its result no longer counts."
    From "from" [Signal] Free "from NEEDS" "What observes it."
    Query "query" [Signal] Free "query \"…\"" "What is asked of the monitor."
    Within "within" [Signal] Duration "within D" "How long until it is seen."
    Because "because" [Accept] Free "because \"…\"" "The reason."
    AcceptedBy "by" [Accept] Free "by NAME" "Who accepts it."
    Until "until" [Accept] Free "until DATE" "When the acceptance ends."
    Broken "" [Dependency Signal Function Backup Activate Test Accept] Free "" "A clause that could not be read."
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
