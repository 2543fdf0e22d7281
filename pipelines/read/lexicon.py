"""The words that the reading of attributions and claims rests on: cue verbs and nouns, sources, outlets, function words.

Cues carry a kind of :data:`pipelines.tables.CUE_KINDS` and the frames they stand in. They were chosen by counting, on the
training articles of PolNeAR (Newell et al., LREC 2018), how often a word that occurs is a cue there: most of those below one
in three were left out, but for the words of denial, promise and expectation that the definition of a contradiction names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def word_list(text: str) -> tuple[str, ...]:
    """The words of a table written as running text, in their order."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as running text, to look others up in; for constants: it is built anew at every call."""
    return frozenset(word_list(text))


@dataclass(frozen=True, slots=True)
class Cue:
    """What one form of a cue verb may govern.

    ``frames`` names the contents it takes: ``c`` a clause, with or without *that*; ``t`` a clause with *that*, *whether*
    or *how* only; ``q`` a quotation; ``o`` a noun phrase; ``i`` an infinitive; ``r`` a recipient that is no content (*told
    reporters that*); ``R`` a noun phrase and an infinitive (*urged the party to*); ``g`` an ``-ing`` clause; ``w`` somebody
    and *of* something (*accused him of*). ``form`` is ``base``, ``s``, ``past`` (past or past participle) or ``ing``.
    ``particles`` lead a noun phrase that is content and are part of the cue (*called for*).
    """

    lemma: str
    kind: str
    frames: str
    form: str
    particles: frozenset[str] = frozenset()


#: A line is one pattern: ``kind frames [particle/particle] : verbs``; ``-`` for no frame but that of the particles.
_CUE_VERBS: Final = """
says cq of : say
says crqRi about/of : tell
says cq : add remark state muse reason conclude joke quip observe opine gush
says coq : announce declare reveal disclose tweet emphasize emphasise stress reiterate repeat
says q : post
says cqo : note explain clarify lament proclaim assert recount
says cq about/of : write boast brag complain
says cq on : insist
says cq for/against : argue
says cqi : claim
says t : maintain
says cq : contend allege testify stipulate profess theorize theorise conjecture imply
says c at : hint
says co : indicate signal underline underscore suggest estimate calculate reckon
says c about : speculate
says q on : comment elaborate
says q : reply answer retort counter continue shout yell scream exclaim whisper mutter fume interject thunder
says q : respond
says cqR of/about/against : warn caution
says cr of : inform remind reassure assure notify
says t : understand realize realise remember know
says cq about/of : think
says c in : believe
says t : feel
says og : recall mention
says o : describe portray characterize characterise depict label brand dub deem liken hail praise laud applaud thank
says o : congratulate tout criticize criticise blast slam mock ridicule deride denounce decry condemn assail lambast
says o : lambaste chide rebuke bash scold lampoon defend echo invoke highlight bemoan articulate disparage excoriate
says o : endorse oppose favor favour support
orders o for/on/upon : call
says - to : refer allude point
says - about/of : talk
says q about/of/against : speak
says - for : apologize apologise
says o : express voice discuss
says q : email blog chant
says iR : want
says i : refuse decline seek
expects ci for : hope
expects co : fear anticipate
expects c about : worry
expects ciR : expect
expects coq : predict
expects cio : project forecast
expects i : plan intend
reports coq : report
reports o : cite quote
reports co : show
reports c : find
reports t : learn demonstrate determine discover
denies coqg : deny
denies oq : reject
denies o : dismiss refute rebut disavow repudiate dispute contradict contest disclaim rebuff
denies co : debunk
confirms coqg : confirm acknowledge
confirms coqg to : admit
confirms coq : concede
confirms co : verify corroborate recognize recognise
confirms ciq with/on/to : agree
questions rqRi about/for : ask
questions oqt : question
questions tq about : wonder
questions q about : inquire enquire
doubts co : doubt
doubts o : downplay
doubts - with : disagree
orders Roqi : urge
orders Ro : order
orders R : command instruct encourage implore beg exhort
orders oqc : demand
proposes ocig : propose
proposes ocg : recommend
proposes crRq : advise
proposes o for : advocate
proposes oc : request
promises coiqr : promise
promises ciq : vow
promises coiq : pledge threaten
promises coi : guarantee
promises ci : swear
accuses w : accuse
accuses o : blame
accuses cq : charge
"""
#: Third person, past, participles: ``lemma: s past participle ing`` where the rules of spelling do not give them.
_IRREGULAR: Final = {
    "say": "says said said saying",
    "tell": "tells told told telling",
    "write": "writes wrote written writing",
    "speak": "speaks spoke spoken speaking",
    "think": "thinks thought thought thinking",
    "feel": "feels felt felt feeling",
    "know": "knows knew known knowing",
    "understand": "understands understood understood understanding",
    "show": "shows showed shown showing",
    "find": "finds found found finding",
    "swear": "swears swore sworn swearing",
    "seek": "seeks sought sought seeking",
    "forecast": "forecasts forecast forecast forecasting",
    "beg": "begs begged begged begging",
    "brag": "brags bragged bragged bragging",
    "quip": "quips quipped quipped quipping",
    "slam": "slams slammed slammed slamming",
    "plan": "plans planned planned planning",
    "admit": "admits admitted admitted admitting",
    "refer": "refers referred referred referring",
    "rebut": "rebuts rebutted rebutted rebutting",
    "dub": "dubs dubbed dubbed dubbing",
    "label": "labels labeled labeled labeling",
    "signal": "signals signaled signaled signaling",
}
_BRITISH: Final = {"labelled": "labeled", "labelling": "labeling", "signalled": "signaled", "signalling": "signaling"}


def inflect(lemma: str) -> tuple[str, str, str, str]:
    """The third person, past, past participle and ``-ing`` form of an English verb."""
    if lemma in _IRREGULAR:
        third, past, participle, ing = _IRREGULAR[lemma].split()
        return third, past, participle, ing
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", lemma + "d", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma[:-1] + "ied", lemma + "ing"
    third = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return third, lemma + "ed", lemma + "ed", lemma + "ing"


def _cue_forms() -> dict[str, Cue]:
    forms: dict[str, Cue] = {}
    for line in _CUE_VERBS.strip().splitlines():
        head, verbs = line.split(" : ")
        kind, frames, *rest = head.split()
        particles = frozenset(rest[0].split("/")) if rest else frozenset()
        for lemma in verbs.split():
            third, past, participle, ing = inflect(lemma)
            for form, name in ((lemma, "base"), (third, "s"), (past, "past"), (participle, "past"), (ing, "ing")):
                forms.setdefault(form, Cue(lemma, kind, frames.replace("-", ""), name, particles))
    for british, american in _BRITISH.items():
        forms[british] = forms[american]
    return forms


#: Cues of two words: the verb and what makes it a cue.
_CUE_PAIRS: Final = """
play down doubts co
rule out denies og
shoot down denies o
brush off denies o
brush aside denies o
laugh off denies o
make clear says c
make known says c
point out says coq
spell out says o
hit back says q
shoot back says q
fire back says q
push back says q
stand by confirms o
back up confirms o
call false denies o
"""


def _cue_pairs() -> dict[tuple[str, str], Cue]:
    pairs: dict[tuple[str, str], Cue] = {}
    irregular = {"make": "makes made made making", "shoot": "shoots shot shot shooting", "hit": "hits hit hit hitting",
                 "stand": "stands stood stood standing"}  # fmt: skip
    for line in _CUE_PAIRS.strip().splitlines():
        lemma, particle, kind, frames = line.split()
        third, past, participle, ing = irregular[lemma].split() if lemma in irregular else inflect(lemma)
        for form, name in ((lemma, "base"), (third, "s"), (past, "past"), (participle, "past"), (ing, "ing")):
            pairs.setdefault((form, particle), Cue(f"{lemma} {particle}", kind, frames, name))
    return pairs


#: Every form of every cue of two words.
CUE_PAIRS: Final[dict[tuple[str, str], Cue]] = _cue_pairs()
#: Every form of every cue verb.
CUE_VERBS: Final[dict[str, Cue]] = _cue_forms()

#: Verbs that say how somebody stands to a thing, or what they mean to do, not what they put forward as true: the sentence
#: around them makes the claim, in the voice of whoever states it.
ATTITUDES: Final = word_set(
    """describe portray characterize characterise depict label brand dub deem liken hail praise laud applaud thank
    congratulate tout criticize criticise blast slam mock ridicule deride denounce decry condemn assail lambast lambaste chide
    rebuke bash scold lampoon defend echo invoke highlight bemoan articulate disparage excoriate endorse oppose favor favour
    support refer allude point talk apologize apologise express voice discuss want refuse decline seek cite quote blame disagree
    hope_for plan intend know remember realize realise understand see mention recall"""
)
#: Cue verbs of which these forms are nouns as often: they need the context of a verb.
NOUN_FORMS: Final = word_set(
    """claim claims report reports call calls show shows note notes state states plan plans promise promises demand demands
    hope hopes fear fears doubt doubts estimate estimates question questions remark remarks comment comments answer answers
    reply replies tweet tweets post posts charge charges forecast forecasts project projects order orders request requests
    find finds reason reasons signal signals brand brands label labels guarantee guarantees dispute disputes contest contests
    project projects favor favors favour favours quote quotes blog blogs email emails laud blame voice voices counter counters
    caution cautions chant chants echo echoes pledge pledges vow vows threat talk talks want wants need rebuke praise
    thought saying meeting finding warning warnings meaning understanding feeling reporting writing showing standing
    boast boasts joke jokes command urge urges advocate advocates dismissal joke contract slam worry worries
    whisper shout yell scream blast blasts lament laments muse quip tout bash discovery posting"""
)
#: Verbs after which ``to`` and a cue verb make one group: *went on to say*, *declined to confirm*.
LEADS_TO_CUE: Final = word_set("went goes go going on continued continues moved sought tried appeared seemed seems appears used")

#: Nouns whose *that* clause is the content of a source named by a possessive or ``of``, ``by``, ``from``: kind.
CUE_NOUNS: Final[dict[str, str]] = {
    **dict.fromkeys(word_set("claim claims assertion assertions contention statement statements comment comments remark remarks"
                           " conclusion announcement declaration insistence argument suggestion suggestions"
                           " assurance assurances assessment warning warnings belief view opinion testimony finding"
                           " findings projection projections"), "says"),
    **dict.fromkeys(word_set("allegation allegations accusation accusations charge charges complaint complaints"), "accuses"),
    **dict.fromkeys(word_set("report reports rumor rumors rumour rumours speculation revelation revelations"), "reports"),
    **dict.fromkeys(word_set("denial denials"), "denies"),
    **dict.fromkeys(word_set("confirmation admission acknowledgment acknowledgement"), "confirms"),
    **dict.fromkeys(word_set("expectation expectations prediction predictions forecast forecasts fear fears hope hopes concern"
                           " concerns worry worries"), "expects"),
    **dict.fromkeys(word_set("promise promises pledge pledges vow threat threats"), "promises"),
    **dict.fromkeys(word_set("doubt doubts skepticism scepticism"), "doubts"),
    **dict.fromkeys(word_set("demand demands call calls"), "orders"),
    **dict.fromkeys(word_set("proposal proposals recommendation recommendations"), "proposes"),
}  # fmt: skip
#: Words that make a denial of a noun phrase the denial of something stated (*denied the report*), not a refusal.
STATED: Final = word_set(
    """claim claims allegation allegations accusation accusations report reports suggestion suggestions assertion assertions
    charge charges rumor rumors rumour rumours speculation statement statements figure figures story stories account accounts
    version criticism findings notion idea involvement wrongdoing responsibility knowledge it this that link
    links collusion ties contention complaint complaints characterization description conclusion conclusions news toll count
    numbers number estimate role interference existence impropriety guilt lies comments remarks insinuation theory theories"""
)

#: Heads of sources that are not named.
ANONYMOUS_HEADS: Final = word_set(
    """official officials source sources insider insiders aide aides diplomat diplomats adviser advisers advisor advisors
    critic critics observer observers expert experts analyst analysts witness witnesses eyewitness eyewitnesses resident
    residents people person persons supporter supporters opponent opponents others some many several most few neighbor
    neighbors neighbour neighbours bystander bystanders onlooker onlookers economist economists lawyer lawyers attorney
    attorneys strategist strategists activist activists associate associates friend friends relatives scientist scientists
    researcher researchers historian historians commentator commentators pundit pundits protester protesters protestor
    protestors demonstrators villagers locals survivor survivors worker workers employees staffers staffer operative operatives
    lawmaker lawmakers voter voters investor investors trader traders someone somebody individual individuals man woman men
    women detractors skeptics sceptics backers rivals executive executives veterans doctors doctor donors donor users user
    colleagues colleague reporters reporter journalists journalist passengers passenger students parents families one"""
)
#: What says that a source stays unnamed, whatever its head.
ANONYMITY: Final = word_set("unnamed anonymous unidentified undisclosed familiar anonymity close")
#: Heads of persons by their office or trade.
ROLE_HEADS: Final = word_set(
    """president minister premier chancellor king queen prince princess emperor pope leader spokesman spokeswoman spokesperson
    mayor governor senator congressman congresswoman representative secretary chairman chairwoman chair chief director head
    commander general colonel ambassador envoy judge prosecutor sheriff candidate nominee lawmaker captain coach manager
    founder owner boss editor author professor analyst strategist adviser aide lawyer attorney officer officials politician
    billionaire businessman businesswoman mogul tycoon strongman counterpart deputy vice-president monarch dictator ruler
    star actor actress singer player winger striker midfielder commissioner treasurer speaker whip justice pastor bishop
    archbishop cardinal imam rabbi reverend veteran democrat republican conservative socialist incumbent frontrunner
    front-runner challenger rival economist scientist researcher expert historian columnist commentator host anchor writer
    father mother brother sister son daughter wife husband widow uncle aunt suspect defendant victim survivor witness man
    woman boy girl teenager native resident"""
)
#: Heads of organizations and other collective speakers.
ORGANIZATION_HEADS: Final = word_set(
    """ministry government administration police army military navy force forces court courts parliament congress senate house
    committee council commission agency department office bureau board bank company firm corporation union group groups
    organization organisation association federation league club team party campaign authorities authority prosecutors
    investigators detectives rebels militants insurgents militia regime coalition alliance opposition embassy consulate palace
    cabinet university school hospital institute institution foundation charity church watchdog regulator airline manufacturer
    operator utility giant startup start-up network city town county state states country nation kingdom republic
    republicans democrats conservatives liberals labour tories lawmakers ministers senators legislators jury panel band
    tribunal inspectorate directorate taliban hamas kremlin pentagon brussels firefighters rescuers troops soldiers
    management leadership press media crowd"""
)
#: Heads of documents that speak for themselves.
DOCUMENT_HEADS: Final = word_set(
    """report reports study studies poll polls survey surveys letter letters statement statements document documents memo
    memos filing filings lawsuit lawsuits suit complaint affidavit indictment email emails e-mail e-mails tweet tweets post
    posts book article articles transcript transcripts video videos footage records record data figures statistics research
    paper analysis review audit release communique communiqué dossier file files message messages note notes resolution
    bill law order ruling verdict judgment judgement constitution treaty agreement text texts ad ads advert advertisement
    editorial column essay speech manifesto website site page census index estimates findings evidence results exit-poll
    testimony forecast projection sign signs poster posters placard placards banner headline headlines story stories warrant
    deposition motion petition questionnaire bulletin assessment autopsy inquiry investigation probe"""
)
#: Documents that are newspapers when the text has cited one.
OUTLET_HEADS: Final = word_set(
    """newspaper newspapers paper daily tabloid broadsheet weekly magazine broadcaster network outlet channel publication
    newswire wire gazette website site journal"""
)
#: Shape words of outlets' names; a capitalised word stands before or after.
OUTLET_SHAPES: Final = word_set(
    """Times Post Herald News Tribune Gazette Journal Chronicle Telegraph Guardian Observer Courier Daily Examiner Inquirer
    Standard Star Sun Mirror Mail Express Globe Dispatch Bulletin Argus Independent Register Sentinel Record Echo Today
    Magazine Review Broadcasting Radio TV Television Newswire Wire Press Agency Reuters Monitor Ledger Bee Advocate Beacon"""
)
#: Shape words that make an outlet only with another word of this kind or after a name of a place.
OUTLET_NAMES: Final = frozenset(
    """Reuters|Associated Press|AP|AFP|Agence France-Presse|Bloomberg|Bloomberg News|Dow Jones|Interfax|TASS|Tass|RIA Novosti|
    RIA|Sputnik|RT|Xinhua|Kyodo|Yonhap|ANSA|DPA|dpa|EFE|PTI|ANI|UPI|IANS|PA|Press Association|PA Media|BBC|BBC News|CNN|NBC|
    NBC News|ABC|ABC News|CBS|CBS News|PBS|NPR|MSNBC|CNBC|Fox|Fox News|Fox Business|Sky News|Sky|ITV|ITV News|Channel 4|C-SPAN|
    Al Jazeera|Al-Jazeera|Al Arabiya|Deutsche Welle|DW|France 24|Euronews|Radio Free Europe|RFE/RL|Voice of America|VOA|
    New York Times|Washington Post|Wall Street Journal|Financial Times|FT|NYT|WSJ|Los Angeles Times|LA Times|USA Today|
    Chicago Tribune|Boston Globe|Miami Herald|New York Post|New York Daily News|Daily News|Daily Mail|MailOnline|Mail Online|
    Daily Telegraph|Telegraph|Guardian|Observer|Independent|Times of London|Sunday Times|Daily Mirror|Mirror|Daily Express|
    Express|Evening Standard|Sun|Daily Star|Economist|Spectator|New Statesman|New Yorker|Atlantic|Time|Time magazine|Newsweek|
    Politico|POLITICO|Axios|The Hill|Hill|Vox|BuzzFeed|BuzzFeed News|Buzzfeed|HuffPost|Huffington Post|Breitbart|Breitbart News|
    Daily Beast|Daily Caller|Intercept|Salon|Slate|Mother Jones|National Review|Weekly Standard|Washington Times|
    Washington Examiner|Newsmax|Drudge Report|Drudge|Vice News|Vice|Vanity Fair|Rolling Stone|Der Spiegel|Spiegel|Die Welt|Bild|
    Die Zeit|Süddeutsche Zeitung|Frankfurter Allgemeine|Le Monde|Le Figaro|Libération|El País|El Pais|El Mundo|
    Corriere della Sera|La Repubblica|La Stampa|Haaretz|Jerusalem Post|Times of Israel|Ynet|Hürriyet|Anadolu|Anadolu Agency|
    Kommersant|Vedomosti|Izvestia|Novaya Gazeta|Meduza|Ukrinform|Kyiv Independent|Kyiv Post|Ukrainska Pravda|Pravda|
    Global Times|China Daily|People's Daily|South China Morning Post|Straits Times|Japan Times|Nikkei|Asahi Shimbun|
    Times of India|Hindu|Hindustan Times|Indian Express|NDTV|Dawn|Globe and Mail|Toronto Star|CBC|National Post|
    Sydney Morning Herald|Age|Australian|IRNA|Fars|Mehr|Tasnim|Press TV|SANA|KCNA|Punch|Vanguard|Premium Times|Daily Nation|
    STAT|ProPublica|Univision|Telemundo|Des Moines Register|Denver Post|Dallas Morning News|Arizona Republic|
    San Francisco Chronicle|Seattle Times|Irish Times|Scotsman|Business Insider|Forbes|Fortune|Barron's|MarketWatch|
    TMZ|People|Variety|Hollywood Reporter|ESPN|Yahoo News|Bellingcat|The Week|Mail on Sunday|Sunday Telegraph|Examiner
    """.replace("\n", "").replace("|    ", "|").strip().split("|")
)  # fmt: skip

#: Nationality-free roles that one description may use for another: a head of state is a president or a monarch.
ROLE_CLASSES: Final[dict[str, frozenset[str]]] = {
    "leader": word_set("president premier chancellor king queen leader strongman monarch dictator ruler prime-minister emperor"
                     " head-of-state head-of-government counterpart prince president-elect"),
    "minister": word_set("minister secretary counterpart"),
    "spokesperson": word_set("spokesman spokeswoman spokesperson"),
    "mayor": word_set("mayor"),
    "governor": word_set("governor gov gov."),
    "legislator": word_set("senator sen sen. congressman congresswoman representative rep rep. lawmaker mp"),
    "chief": word_set("chief director head boss chairman chairwoman chair ceo executive founder"),
    "candidate": word_set("candidate nominee frontrunner front-runner"),
    "officer": word_set("general colonel commander captain admiral officer sheriff"),
    "judge": word_set("judge justice"),
    "lawyer": word_set("lawyer attorney prosecutor solicitor barrister"),
    "coach": word_set("coach manager"),
    "envoy": word_set("ambassador envoy"),
    "businessman": word_set("businessman billionaire mogul tycoon businesswoman"),
}  # fmt: skip

MASCULINE: Final = word_set(
    """mr mr. sir king prince lord pope father brother son husband uncle spokesman chairman businessman congressman duke
    he him his himself man boy widower actor"""
)
FEMININE: Final = word_set(
    """mrs mrs. ms ms. miss dame queen princess lady mother sister daughter wife aunt spokeswoman chairwoman businesswoman
    congresswoman duchess she her hers herself woman girl widow actress"""
)

# ---------------------------------------------------------------------------------------------------- function words

BE: Final = word_set(
    "be am is are was were been being isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t ain't 're ’re 'm ’m"
)
HAVE: Final = word_set("have has had having haven't hasn't hadn't haven’t hasn’t hadn’t 've ’ve")
DO: Final = word_set("do does did don't doesn't didn't don’t doesn’t didn’t")
MODALS: Final = word_set(
    """will would can could may might shall should must won't wouldn't can't couldn't shouldn't mustn't won’t wouldn’t can’t
    couldn’t shouldn’t mustn’t cannot 'll ’ll 'd ’d ought needn't needn’t mightn't"""
)
PRONOUNS: Final = word_set(
    """i he she it we they you me him us them himself herself itself themselves myself yourself everyone everybody someone
    somebody anyone anybody nobody nothing everything something anything others"""
)
SUBJECT_PRONOUNS: Final = word_set("i he she it we they you")
RELATIVES: Final = word_set("who which whom whose")
DETERMINERS: Final = word_set(
    """the a an this these those his her its their my your our some any no every each all both another several many most few
    other such half either neither certain various"""
)
SUBORDINATORS: Final = word_set(
    """because if while although though when whereas whether unless once where how why what until whenever wherever even
    lest than"""
)
PREPOSITIONS: Final = word_set(
    """of in on at by for with from about against among amongst between during into over under through after before since
    without within along across despite amid amidst following regarding concerning via per like unlike behind beyond near
    toward towards upon off outside inside around above below except as onto out up down back ahead next due alongside
    including throughout besides aboard versus vs vs. given"""
)
TIME_WORDS: Final = word_set(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight mondays tuesdays wednesdays
    thursdays fridays saturdays sundays mon. tue. tues. wed. thu. thurs. fri. sat. sun."""
)
#: What makes a time phrase around another word: *last week*, *this month*, *late on*.
TIME_NOUNS: Final = word_set(
    """week month year day night morning afternoon evening weekend january february march april may june july august september
    october november december jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. weeks months years days hours
    minutes decade"""
)
ADVERBS: Final = word_set(
    """also later then still already once again now often never ever just even not soon sometimes always too instead
    meanwhile however therefore moreover furthermore indeed rather quite very so perhaps maybe yet otherwise thus hence
    further twice earlier recently first only long almost nearly well much more less there here when-asked elsewhere
    nonetheless nevertheless likewise afterwards afterward thereafter"""
)
NOT_ADVERBS: Final = word_set(
    """family early daily weekly monthly likely ally supply reply rally assembly italy july only apply fly rely anomaly elderly
    friendly deadly lonely holy ugly costly monopoly melancholy bully jelly belly lily molly billy sally kelly emily beverly
    kimberly reilly"""
)
#: Words in ``-ed`` and ``-ing`` that are neither participles nor verbs.
NOT_ED: Final = word_set(
    """reed shed sled fred ted bled bred sped exceed proceed succeed agreed-upon need indeed hundred speed
    red bed seed feed breed deed weed greed wed sacred naked wicked hatred kindred
    embed united infrared unprecedented so-called"""
)
NOT_ING: Final = word_set(
    """thing king ring morning evening meeting building spring during nothing something anything everything according
    ceiling wedding string wing sing bring being beijing sterling sibling offspring shilling pudding darling outing
    hearing ruling briefing filing gathering shooting bombing killing killings funding housing training wellbeing"""
)
#: Common verbs that are no cues: where one stands a clause has its verb.
VERBS: Final = word_set(
    """went goes came comes took takes made makes gave gives got gets left leaves began begins held holds met meets won wins
    lost loses fell falls rose rises led leads ran runs saw sees kept keeps brought brings built builds bought buys sent sends
    spent spends stood stands sat sits hit hits cut cuts put puts set sets let lets became becomes broke breaks chose chooses
    drew draws drove drives ate fought fights flew flies grew grows heard hears hid hurt hurts laid lays lay lies meant means
    paid pays rode sank shut slept spread stole struck strikes swept taught threw throws tore woke withdrew withdraws needs
    remains seems appears happens works lives dies moves turns plays helps starts stops tries uses looks continues follows
    includes involves allows creates provides offers serves represents contains covers faces reaches receives opens closes
    ends joins agrees gains wants likes loves hates owes owns rules votes belongs exists depends differs expires lasts marks
    matters occurs raises reflects relies resigns returns sells signs spans speaks stays suffers supports targets threatens
    travels triggers visits waits walks warrants worries lets dealt arose arises forgot forgave overtook undertook underwent
    want need know mean go come take make get give keep seem remain believe think become begin bring let live look feel
    move stay try turn use work help stand happen appear play run hold leave lose die win read
    acts affects aims dates hinges hinted misses misunderstand accepts achieves adapts adopts allocates appeals applies appoints
    approves argues arrives assumes attracts avoids awaits bans bars bears beats behaves boosts breaches carries catches causes
    celebrates chairs collects combines commands compares competes complies concerns connects considers consists constitutes
    consumes contributes controls convenes costs criticizes damages deals defeats defends defines delays delivers denies deploys
    deserves destroys develops disappears discovers discusses divides dominates drops earns elects emerges employs enables
    encourages ends endangers enjoys enters establishes evolves examines exceeds excludes executes expands expels explodes
    exports extends fails favors fears feeds fills finishes fires fits fixes focuses forces founds gathers generates grabs grants
    guides handles heads heightens helps hopes hosts houses identifies ignores illustrates imports imposes improves increases
    inherits insists inspires intends intensifies introduces invests invites issues joins jumps keeps kicks kills lacks launches
    lends limits links locates looms lowers maintains manages measures mixes monitors names needs nominates notes obtains occupies
    operates orders organizes outlines overlooks overrules owns passes peaks performs permits picks pledges portrays prefers
    prepares presents prevents produces prohibits prompts proposes protects proves publishes pulls punishes purchases pursues
    pushes qualifies raises ranges ranks reacts rebuilds receives recommends reduces refers refuses regrets rejects relates
    releases reopens replaces represents requires resembles resides resists respects rests restores restricts results retains
    retires reveals ruins saves scores seals searches seeks seizes separates shapes shares shifts shoots shuts slows solves sparks
    specializes specifies spreads stems stirs strengthens stretches strips struggles studies submits succeeds suggests suits
    suspends sustains swings tackles teaches tells tends tests ties tops totals touches trails trains transfers transforms
    translates treats trusts undermines unites unveils urges values varies views violates wages weakens wears weighs widens wields
    emerge involve require rely vary prefer reside consist exist depend differ belong deserve tend contain surround empathize
    understand operate oppose reflect represent resemble reserve serve struggle suffer receive remain occur arise apply
    abound worsen worsens fled bled bred sped led"""
)
VERBS_TAKEN_FOR_NOUNS: Final = word_set(
    """costs commands controls concerns dates deals forces heads helps houses imports exports issues links limits measures names
    orders passes peaks results scores shares shifts studies tests ties tops trains transfers values views wages tears
    hosts fears hopes notes needs pledges demands appeals charges claims reports fires fills lies works lives plays holds
    causes damages delays drops grants increases launches moves purchases ranks ranges releases respects rests searches
    seals signs starts stops strips swings touches trails triggers turns visits waits walks targets threatens worries
    supports offers ends covers faces looks marks matters raises returns rises runs speaks spans spends stands strikes uses
    votes wants likes loves hates bans bars bears beats matches races reserve struggle houses help work play run hold stand
    turn move look feel try use leave die lose win read come go keep give get hit cut put set let hurt spread cost lead
    mean live need want experience love trains struggles attacks calls fights cuts hits sets puts lets breaks draws drives
    lead run"""
)
#: Nouns of events, in whose company an adjunct states something of its own (*following the six-hour talks*).
EVENT_NOUNS: Final = word_set(
    """meeting meetings talks talk summit conference negotiations negotiation attack attacks strike strikes explosion blast
    crash accident fire flood earthquake storm hurricane shooting killing killings murder death deaths arrest arrests trial
    verdict election elections vote referendum ballot protest protests demonstration rally riot riots war battle invasion
    ceasefire truce deal agreement visit trip speech interview debate hearing ruling raid siege bombing bombardment clash
    clashes march walkout merger takeover sale launch launching landing match game final victory defeat resignation
    announcement decision withdrawal evacuation outbreak pandemic lockdown shutdown drill drills exercise exercises call
    phone-call wedding funeral ceremony game concert festival session reshuffle coup collapse derailment incident
    inauguration press-conference briefing shutdown blackout drought landslide eruption injury operation offensive"""
)

# ------------------------------------------------------------------------------------------------------------- claims

#: Words that show that an adjunct bears a value: *during their five-hour meeting*.
NUMBER_WORDS: Final = word_set(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion
    billions trillion dozen dozens half quarter third first second fourth fifth sixth seventh eighth ninth tenth twice double
    percent"""
)
#: Verbs that deny what follows them, without *not*.
NEGATIVE_VERBS: Final = word_set(
    """fail fails failed failing refuse refuses refused refusing decline declines declined declining lack lacks lacked lacking
    """
)
#: What two make positive again: *did not deny*. *Rule* does so only with *out*: "has not ruled" is a negation.
REVERSING: Final = word_set("exclude excluded deny denied denies fail failed refuse refused dispute disputed doubt doubted")
EXPECTED_PHRASES: Final = frozenset(
    tuple(phrase.split())
    for phrase in [
        "set to",
        "due to",
        "expected to",
        "scheduled to",
        "poised to",
        "about to",
        "going to",
        "slated to",
        "planned to",
        "plans to",
        "plan to",
        "intends to",
        "intend to",
        "due on",
        "due for",
        "scheduled for",
        "planned for",
        "forecast to",
        "forecast for",
        "expected in",
        "expected on",
        "expected next",
        "expected by",
        "aims to",
        "aim to",
        "hopes to",
        "hope to",
        "prepares to",
        "preparing to",
        "planning to",
        "on track",
        "is to",
        "are to",
        "predicted to",
        "projected to",
        "bound to",
        "on course",
        "supposed to",
        "meant to",
    ]
)
POSSIBLE_WORDS: Final = word_set(
    "may might could possibly perhaps maybe likely unlikely potentially conceivably probably apparently"
)
EXPECTED_WORDS: Final = word_set("will won't won’t 'll ’ll shall would wouldn't wouldn’t 'd ’d")
PROPOSED_WORDS: Final = word_set("should shouldn't shouldn’t ought")
#: Verbs with which the web addresses its reader.
COMMANDS: Final = word_set(
    """add read click sign follow subscribe watch share listen download join visit send email contact check see get tap swipe
    scroll register donate support buy log please find try discover explore enter tell let browse"""
)


#: Cues whose subject is as often a thing (*the delay showed that*): nobody vouches then but whoever says so.
EVIDENTIAL: Final = word_set(
    "show suggest indicate demonstrate find reveal determine signal imply underline underscore highlight mean confirm illustrate"
)


def is_outlet(name: str) -> bool:
    """Whether a noun phrase names or describes a news outlet: *the Financial Times*, *the British newspaper*."""
    words = name.strip(" ,’'").split()
    if words and words[0].lower() in ("the", "a", "an"):
        words = words[1:]
    if not words:
        return False
    if " ".join(words) in OUTLET_NAMES:
        return True
    last = words[-1]
    if last.lower() in OUTLET_HEADS:
        return last.lower() != "website" or len(words) > 1
    capitals = [w for w in words if w[:1].isupper()]
    return len(capitals) == len(words) > 1 and (last in OUTLET_SHAPES or words[0] in ("Radio", "Daily", "Sunday", "Evening"))
