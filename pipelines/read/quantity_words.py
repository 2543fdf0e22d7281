"""Words, units and patterns that :mod:`pipelines.read.quantities` reads values by: tables alone, no reading.

What belongs here: what news calls numbers, units, currencies and what is counted. Lower-cased words unless a name says
otherwise; factors convert to the base unit of a dimension.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipelines.read.lexicon import word_list, word_set

UNITS_TO_19: Final = word_list(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
    """
)
TENS: Final = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
SMALL: Final[dict[str, int]] = {w: i for i, w in enumerate(UNITS_TO_19)} | {w: 10 * i for i, w in enumerate(TENS, 2)}
MAGNITUDES: Final[dict[str, int]] = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
    "mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12, "mio": 10**6,
}  # fmt: skip
#: Letters that multiply only where they touch the digits; "m", "t" and "b" only for money or in front of what is counted,
#: as they also mean metres, tonnes and nothing at all.
ATTACHED_MAGNITUDES: Final[dict[str, int]] = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
VAGUE_PLURALS: Final[dict[str, int]] = {
    "tens": 10, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9,
    "trillions": 10**12, "lakhs": 10**5, "crores": 10**7,
}  # fmt: skip
FEW: Final[dict[tuple[str, ...], tuple[int, int]]] = {
    ("a", "couple", "of"): (2, 3), ("a", "couple"): (2, 3), ("a", "few"): (2, 9), ("several",): (3, 9),
    ("a", "handful", "of"): (2, 9), ("a", "handful"): (2, 9),
}  # fmt: skip
ORDINAL_WORDS: Final[dict[str, int]] = {
    w: i
    for i, w in enumerate(
        word_list(
            """
            first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
            sixteenth seventeenth eighteenth nineteenth twentieth
            """
        ),
        1,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "hundredth": 100}
FRACTION_WORDS: Final[dict[str, int]] = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9,
    "tenth": 10, "tenths": 10,
}  # fmt: skip
FRACTION_SIGNS: Final = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3,
}

MONTHS: Final = word_set(
    """
    january february march april may june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec
    """
)
#: In front of a number these make it a name, not a value.
LABELS: Final = word_set(
    """
    article articles section sections room chapter page pages boeing airbus highway route interstate psalm psalms channel
    title amendment resolution phase level type class tier apollo flight force unit building gate pier district ward
    precinct division brigade formula windows iphone ipad galaxy xbox playstation war bowl part volume episode season act
    grade apartment apt suite bus line platform terminal lot table figure fig appendix bill proposition prop measure
    question item rule form sector zone area base block exit camp bay top fortune ftse nasdaq dow p nikkei stoxx dax no
    nos number numbers nr stage model version protocol schedule clause paragraph annex order directive regulation code
    lane junction pool locker verse hr hb sb group gang big catch studio radio bbc itv fox mark mk tu su mig title-ix
    warehouse cell seat runway round
    """
)
#: "BBC 2 reporters" aside, these stay labels even where a noun follows.
BOUND_LABELS: Final = word_set(
    """
    article articles section sections room chapter boeing airbus highway route interstate psalm psalms channel amendment
    resolution flight building apollo ftse nasdaq fortune formula proposition prop nikkei no nos nr group iphone ipad
    galaxy p
    """
)

APPROXIMATE, BELOW, ABOVE, AT_LEAST, AT_MOST, NEUTRAL = "approximate", "below", "above", "at_least", "at_most", ""
RANGE: Final = "range"
MODIFIERS: Final[dict[tuple[str, ...], str]] = {
    tuple(phrase.split()): kind
    for kind, phrases in {
        APPROXIMATE: (
            "about", "around", "some", "roughly", "approximately", "approx", "approx .", "circa", "an estimated", "estimated",
            "~",
            "close to", "something like", "in the region of", "more or less", "on the order of", "in the neighborhood of", "≈",
            "or so", "an approximate", "perhaps", "maybe", "an average of",
        ),
        BELOW: (
            "nearly", "almost", "just under", "just below", "just short of", "just shy of", "slightly less than",
            "slightly under",
            "a little under", "a little less than", "slightly fewer than", "not quite", "near", "approaching",
        ),
        ABOVE: (
            "just over", "just above", "just more than", "slightly more than", "slightly over", "slightly above", "a little over",
            "a little more than", "a bit more than", "a bit over", "little more than",
        ),
        AT_LEAST: (
            "at least", "more than", "over", "above", "no less than", "no fewer than", "not less than", "not fewer than",
            "well over",
            "well above", "upwards of", "upward of", "in excess of", "a minimum of", "minimum of", "at a minimum", "greater than",
            "higher than", "larger than", "longer than", "older than", "far more than", "much more than", "exceeding", "north of",
            "exceeded", "exceeds", "as few as", "as little as", "way over", "way more than", ">", "≥", "surpassing", "topping",
            "considerably more than", "even more than", "substantially more than", "surpassed", "topped",
        ),
        AT_MOST: (
            "up to", "as many as", "as much as", "at most", "at the most", "no more than", "not more than", "fewer than",
            "less than",
            "under", "below", "a maximum of", "maximum of", "a maximum", "lower than", "younger than", "smaller than",
            "shorter than",
            "as high as", "<", "≤", "well under", "well below", "fewer even than", "far fewer than", "far less than", "within",
        ),
        NEUTRAL: ("a total of", "exactly", "precisely", "only", "just", "a record", "a further", "another", "an additional"),
    }.items()
    for phrase in phrases
}  # fmt: skip
LONGEST_MODIFIER: Final = max(map(len, MODIFIERS))
LAST_OF_MODIFIER: Final = frozenset(words[-1] for words in MODIFIERS)
#: "over two days" and "within 24 hours" say when, not how many, unless a word that measures stands in front.
OVER_IS_BOUND_AFTER: Final = word_set(
    """
    for lasted lasting last lasts took taking takes spent spending after of just well served serving by in than is was
    were are ran waited
    """
)

IRREGULAR_PLURALS: Final = word_set(
    """
    people men women children police troops dead injured wounded missing personnel staff crew aircraft cattle sheep fish
    media mice feet teeth wives lives wolves knives geese alumni data criteria phenomena servicemen servicewomen policemen
    policewomen firemen fishermen gunmen clergy militia infantry teenagers elderly refugees hostages poor grandchildren
    stepchildren congressmen congresswomen lawmen countrymen businessmen spokesmen headquarters species series crises
    theses offspring warplanes minesweepers percentage-points dead-bodies craft spacecraft hovercraft poultry livestock
    salmon deer
    """
)
#: Singular nouns that a count of one may stand before ("one person was killed").
SINGULARS_OF_ONE: Final = word_set(
    """
    person man woman child boy girl soldier officer policeman civilian worker student passenger pilot driver suspect
    gunman attacker victim hostage death fatality injury case vote ballot seat missile rocket drone bomb shell plane
    helicopter tank ship vessel teacher firefighter paramedic journalist reporter doctor nurse patient prisoner inmate
    protester demonstrator police militant rebel fighter serviceman marine sailor house building school hospital arrest
    shot bullet hour minute week month year mile goal point other dead killed injured wounded missing died migrant refugee
    worshipper bystander
    """
)
NOT_AFTER_ONE: Final = word_set("of another day way thing reason side such that who and")
NOT_BEFORE_ONE: Final = word_set("no the this that every any each which another some")
#: "one-third" and "one-page", not "one-sided".
ONE_HYPHEN: Final = frozenset(
    word_list(
        "day hour week month year minute third quarter fifth mile member page vote point seat in story storey bedroom room "
        "person woman goal run"
    )
)
#: In front of a word that is capitalised only because it opens a sentence or a quotation.
OPENERS: Final = frozenset((".", "!", "?", ":", ";", "-", '"', "“", "'", "‘", "\n"))
#: Words that end a noun phrase: determiners, pronouns, conjunctions, prepositions; auxiliaries and the verbs that most often
#: follow a counted noun; adverbs of time.
STOP: Final = word_set(
    """
    a an the this that these those his her its their our my your who whom whose which what where when while he she it they
    we you i him them us me himself herself itself themselves and or but nor so yet if because although though unless than
    as of in on at by for from to with without into onto over under above below between among amid after before during
    since until till through across against along around behind beyond despite near off out outside inside per plus toward
    towards up down upon via within like including according there here not no never also too then now still already just
    only even ever again is are was were be been being am has have had do does did will would shall should can could may
    might must cannot opens closes begins starts ends reopens
    said say says told saying tell ago later earlier came come went go got get made make took take left gave
    give paid spent bought wrote raised costs cost began begin ran held hold met meet voted lost won remain remained stood
    saw see fell rose sat spoke drove flew broke struck drew threw grew chose sank slept rode sold built sent kept led
    feel feels look looks seem seems found find fled became become set yesterday today tomorrow tonight monday tuesday
    wednesday thursday friday saturday sunday overnight last next each every both alone apart together away back
    """
) | (MONTHS - {"march", "may"})
NOT_PLURAL: Final = word_set(
    """
    news politics economics athletics physics mathematics always perhaps this his its was has as is us less business
    across towards afterwards besides sometimes previous religious serious various dangerous famous nervous anonymous
    indigenous gas bus crisis analysis basis gross plus thus virus campus status bonus census congress princess progress
    process access success press class loss boss mass glass pass cross address witness illness overseas sports arms
    human-rights
    """
)
PERSONS: Final = word_set("people person persons individuals others other lives life victims victim of them")

EVENTS: Final[dict[str, str]] = (
    {"fatally shot": "dead", "fatally stabbed": "dead"}
    |     dict.fromkeys(
        word_list(
            """
            killed killing kill kills killings dead died die dies dying slain slaying murdered murdering murder perished
            perish drowned massacred massacring executed executing death deaths toll claimed claiming claims cost costing
            """
        ),
        "dead",
    )
    | dict.fromkeys(word_list(
        """
        injured injuring injure injures injuries wounded wounding wound wounds hurt hurting hurts maimed maiming
        """
    ),
                    "injured")
    | dict.fromkeys(word_list(
        """
        arrested arresting arrest arrests detained detaining detain detains detention apprehended
        """
    ), "arrested")
    | dict.fromkeys(word_list("missing unaccounted"), "missing")
    | dict.fromkeys(word_list("displaced displacing displace displaces displacement uprooted homeless"), "displaced")
    | dict.fromkeys(word_list("evacuated evacuating evacuate evacuates evacuation"), "evacuated")
    | dict.fromkeys(word_list("rescued rescuing rescue saved saving"), "rescued")
    | dict.fromkeys(word_list("kidnapped kidnapping abducted abducting kidnap"), "kidnapped")
    | dict.fromkeys(word_list("hospitalized hospitalised"), "hospitalized")
    | dict.fromkeys(word_list("infected infecting"), "infected")
    | dict.fromkeys(word_list("released releasing freed freeing"), "released")
    | dict.fromkeys(word_list("charged charging indicted"), "charged")
    | dict.fromkeys(word_list("trapped trapping"), "trapped")
    | dict.fromkeys(word_list("expelled expelling"), "expelled")
    | dict.fromkeys(word_list("deported deporting"), "deported")
)  # fmt: skip
#: "the death of 12", "the arrest of 12".
EVENT_NOUNS: Final = word_set(
    """
    killing killings death deaths murder murders massacre slaying execution arrest arrests detention evacuation rescue release
    kidnapping abduction expulsion
    """
)
EVENTS.update({"massacre": "dead", "murders": "dead", "execution": "dead", "rescue": "rescued", "release": "released"})
EVENTS.update({"abduction": "kidnapped", "expulsion": "expelled"})
#: In front of a number these are nouns, adjectives or intransitive: "the toll 12", "cost 12 dollars".
EVENT_VERBS: Final = frozenset(EVENTS) - EVENT_NOUNS - word_set(
    "toll dead died missing injuries cost claimed claiming claims costing homeless wounds claim unaccounted displacement"
) | {"killing", "murder"}
PASSIVES: Final = word_set("was were been being is are be get got")
BETWEEN_VERB_AND_NUMBER: Final = word_set("the another all other only just further additional")
TAKING_LIVES: Final = word_set("claimed claiming claims claim cost costing costs took taking taken")
ACTIVE_OR_PASSIVE: Final = word_set("killed injured wounded arrested detained rescued freed released hurt") | {
    "fatally shot",
    "fatally stabbed",
}
NEEDS_AUXILIARY: Final = word_set("charged released freed expelled indicted")
OBJECTS: Final = word_set("a an the it its him her them his their more several")
#: Around the verb that tells what somebody did, where others would tell what befell them.
NO_AUXILIARIES: Final = word_set("who that shot also reportedly later")
#: "one of the 12 hostages": the fate is that of the part, unless the part is all of them.
DETERMINERS_OF_A_WHOLE: Final = word_set("the its his her their our those these")
THE_WHOLE: Final = word_set("all each both")
PARENTS: Final = word_set(
    "mother father mum mom dad parent parents grandmother grandfather grandparents mothers fathers widow widower"
)
#: In front of the place or thing that holds those whose fate is told: "20 people in three cars were hurt".
HOLDING: Final = word_set("in aboard inside on onto at from across near")
#: "resulted in 12 deaths", "up from 12 soldiers killed last year".
NOT_HOLDING: Final = word_set("result results resulted resulting end ended ending ends up down rose fell increased decreased")
INTRANSITIVE: Final = word_set("died drowned perished")
#: In front of a subject: what opens a sentence or a clause, and the day.
CLAUSE_OPENERS: Final = word_set(
    """
    said says say that when after where while and but as because reported confirmed
    monday tuesday wednesday thursday friday saturday sunday yesterday today overnight
    . ! ? : ; , - – — " “ ' ‘
    """
) | {"\n"}
DETERMINERS: Final = word_set("the a an his her its their our all those these intense")
EVENT_AFTER_WORDS: Final = (
    r"fatally\s(?:shot|stabbed)|killed|dead|died|slain|murdered|drowned|perished|massacred|executed|injured|wounded|hurt|maimed|arrested|detained|apprehended|"
    "missing|unaccounted|displaced|uprooted|homeless|evacuated|rescued|kidnapped|abducted|hospitali[sz]ed|infected|freed|trapped|"
    "expelled|deported|released|charged|indicted"
)
#: More of those counted, with the same fate: "27 soldiers and 11 civilians were killed", "two men and a child died".
_A_NUMBER: Final = (
    r"(?:at\sleast\s|about\s|around\s|some\s|nearly\s|more\sthan\s|up\sto\s)?"
    rf"(?:\d[\d,]{{0,9}}|{'|'.join(w for w in SMALL if w != 'zero')}|dozens\sof|several)"
)
_MORE_COUNTED: Final = rf"(?:{_A_NUMBER}|an?|another)(?:\s(?!(?:were|was|are|is|have|has|had)\b)[^\W\d_][\w-]{{0,20}}){{1,2}}?"
#: Nouns behind an amount that it is not for.
NOT_MONEY_FOR: Final = MONTHS | {"more", "less", "total", "worth", "today", "further"}
EVENT_WORD: Final = re.compile(EVENT_AFTER_WORDS)
EVENT_AFTER: Final = re.compile(
    r"(?P<gap>(?:\s?,\s(?:including|among\sthem|most\sof\sthem|some\sof\sthem|mostly|many\sof\sthem)\b[^,.;\n]{0,60},)?"
    rf"(?P<more_counted>(?:,\s{_MORE_COUNTED}){{0,2}},?\sand\s{_MORE_COUNTED}(?=\s))?"
    # Neither past another verb nor past others who are counted: "40 people at the party were questioned and two arrested".
    r"(?:\s(?:in|on|at|aboard|from|inside|near|across|of)\s"
    rf"(?:(?!\s(?:were|was|has|have|had|that|who|and\s{_A_NUMBER}(?!\s(?:in|at|on|near)\b))\b)[^,.;:\n\d]){{1,50}}?)??)"
    r"(?P<aux>(?:\s(?:who|that|were|was|are|is|have|has|had|been|being|be|reportedly|also|either|confirmed|feared|left|"
    r"believed|to|"
    r"lay|lie|remain|remained|reported|still|presumed|now|officially|already|later|shot|found|known|listed|lost|shot\sand)){0,6})"
    rf"\s(?P<event>{EVENT_AFTER_WORDS})\b(?P<more>\s(?:and|or)\s(?:killed|dead|injured|wounded|missing)\b)?(?P<next>\s\S+)?",
    re.IGNORECASE,
)
TOLL_BEFORE: Final = re.compile(
    r"\b(?P<what>death|injury|casualty)?\s?toll\b[^.;\d\n]{0,60}?(?:\bby\s\d[\d,]{0,9}\s)?\b(?:to|at|of|is|was|hit|hits|reached|reaches|passes|"
    r"passed|topped|tops|"
    r"past|exceeds|exceeded|surpassed|surpasses|now)\s$",
    re.IGNORECASE,
)
TOLL_COLON: Final = re.compile(r"\bdeath toll:?\s$", re.IGNORECASE)

#: What is measured, for durations: these lower-cased nouns are looked for in front of "lasted five hours".
LASTING: Final = word_set(
    """
    meeting meetings talks talk summit negotiations negotiation discussions discussion conversation consultations session
    sessions call hearing hearings trial debate debates speech address interview battle siege standoff stand-off strike
    strikes protest protests rally war conflict investigation inquiry probe flight trip visit tour ceremony conference
    congress operation search ceasefire truce outage blackout earthquake quake tremor storm concert match game drills
    drill exercises exercise manoeuvres maneuvers lockdown curfew shutdown ban contract suspension sentence raid attack
    assault shooting shootout gunfight fight fighting clashes shelling bombardment walkout deliberations testimony
    evacuation delay detention captivity occupation campaign remarks procession march vigil summits encounter dinner lunch
    breakfast reception journey drive mission spacewalk fire blaze emergency recession downturn crisis drought ride
    eruption pause vote count recount
    """
)
LASTED_VERBS: Final = word_set(
    """
    lasted lasting lasts last took taking takes went ran running stretched stretching continued dragged wrapped ended was
    spanned spanning spent
    """
)
DURING_VERBS: Final[dict[str, str]] = {
    "met": "meeting", "meeting": "meeting", "meet": "meeting", "spoke": "talks", "talked": "talks", "spoken": "talks",
    "negotiated": "negotiations", "conferred": "talks", "debated": "debate", "testified": "testimony",
    "deliberated": "deliberations",
    "fought": "fighting", "served": "service", "huddled": "meeting", "questioned": "questioning", "interrogated": "questioning",
    "held": "held", "detained": "held", "jailed": "prison", "imprisoned": "prison", "sentenced": "prison", "waited": "wait",
}  # fmt: skip
PRISON: Final = re.compile(
    r"\s(?:\S+\s){0,2}?(?:in|behind)\s(?:a\s|the\s)?(?:\w+\s)?(?:prison|jail|bars)\b|\simprisonment\b", re.IGNORECASE
)

#: Behind a length of time: by how much something was longer, not how long.
DIFFERENCE: Final = re.compile(r"\s(?:longer|shorter|less|late|over\s(?:schedule|time)|(?:more|fewer)\sthan)\b", re.IGNORECASE)
#: "a maximum sentence of 20 years", "a minimum prison term of 20 years", "a maximum fine of $5,000".
BOUND_OF_A_PENALTY: Final = re.compile(
    r"\b(?P<bound>maximum|minimum)\s(?:[a-z]{1,12}\s){0,2}(?:sentence|term|penalty|punishment|tariff|fine)\sof\s$", re.IGNORECASE
)
TO_LIFE: Final = re.compile(r"(?:\sin\s(?:prison|jail))?[ -]to[ -]life\b(?!\s(?:a|the|his|her|their)\b)", re.IGNORECASE)
BOUNDS_OF_AN_AGE: Final = {"under": AT_MOST, "below": AT_MOST, "over": AT_LEAST, "above": AT_LEAST}

FIRST_OF: Final = word_set(
    """
    meeting summit visit trip round term debate attack talks victim case death woman president call win vote election
    trial hearing test launch strike strikes deal agreement conversation term tour game goal session phase stage wave dose
    batch shipment day week month year defeat victory conviction arrest black female democrat republican
    """
)
NOT_AN_ORDINAL_BEFORE: Final = word_set(
    """
    time times place half quarter quarters century hand hands lady thought thoughts amendment degree party parties world
    class name minister of in to and or was is were has had the a by on at that which who but as for from with person
    family aid responders thing things love glance nature estate grade grader graders grader's reich avenue street floor
    home gear
    """
)

CLASSES: Final[dict[str, str]] = (
    dict.fromkeys(
        word_list(
            """
            dead death deaths fatality fatalities body bodies killed corpse corpses lives life killing killings martyrs
            """
        ), "dead"
    )
    | dict.fromkeys(word_list("injured injury injuries wounded hurt"), "injured")
    | dict.fromkeys(
        word_list(
            """
            meeting talk talks summit negotiation negotiations discussion discussions consultation consultations session
            encounter conversation conversations dialogue
            """
        ),
        "meeting",
    )
    | dict.fromkeys(word_list("call calls phonecall telephone"), "call")
    | dict.fromkeys(word_list("speech address remarks"), "speech")
    | dict.fromkeys(word_list("vote votes ballot ballots"), "votes")
    | dict.fromkeys(
        word_list(
            """
            soldier soldiers troop troops serviceman servicemen servicewoman servicewomen servicemember servicemembers
            personnel gi gis infantrymen
            """
        ), "troops"
    )
    | dict.fromkeys(word_list("people person persons individual individuals"), "people")
    | dict.fromkeys(word_list("child children kid kids minor minors boy boys girl girls youngster youngsters"), "children")
    | dict.fromkeys(word_list("woman women female females"), "women")
    | dict.fromkeys(word_list("man men male males"), "men")
    | dict.fromkeys(word_list("officer officers police policeman policemen policewoman policewomen cop cops"), "police")
    | dict.fromkeys(word_list("case cases infection infections"), "cases")
    | dict.fromkeys(word_list("job jobs position positions"), "jobs")
    | dict.fromkeys(word_list("worker workers employee employees staff staffer staffers"), "workers")
    | dict.fromkeys(word_list("country countries nation nations"), "countries")
    | dict.fromkeys(word_list("missile missiles rocket rockets"), "missiles")
    | dict.fromkeys(word_list("drone drones uav uavs"), "drones")
    | dict.fromkeys(word_list("aircraft plane planes jet jets warplane warplanes airplane airplanes"), "aircraft")
    | dict.fromkeys(word_list("protester protesters protestor protestors demonstrator demonstrators"), "protesters")
    | dict.fromkeys(word_list(
        """
        militant militants fighter fighters gunman gunmen insurgent insurgents rebel rebels terrorist terrorists
        """
    ),
                    "militants")
    | dict.fromkeys(word_list("gun guns firearm firearms rifle rifles weapon weapons handgun handguns"), "weapons")
    | dict.fromkeys(word_list("page pages"), "pages")
    | dict.fromkeys(word_list("hearing hearings testimony"), "hearing")
    | dict.fromkeys(word_list("investigation inquiry probe"), "investigation")
    | dict.fromkeys(word_list("home homes house houses"), "homes")
    | dict.fromkeys(word_list("casualty casualties"), "casualties")
    | dict.fromkeys(word_list("refugee refugees migrant migrants"), "migrants")
    | dict.fromkeys(word_list("fight fighting battle battles clashes gunfight shootout"), "battle")
)  # fmt: skip


# --------------------------------------------------------------------------------------------------------------------
# Units


@dataclass(frozen=True, slots=True)
class Unit:
    """What a word for a unit measures, and how it converts to the base unit of its dimension."""

    dimension: str
    name: str | None
    factor: Decimal = Decimal(1)
    #: Greatest factor, where the word stands for units of different size (a ton).
    factor_high: Decimal | None = None
    offset: Decimal = Decimal(0)


def _units() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, Unit]]:
    """Units by lower-cased word; by case-sensitive symbol; and by symbol that must touch the number."""
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    attached: dict[str, Unit] = {}

    def add(dimension: str, name: str | None, table: dict[str, str], into: dict[str, Unit] = words) -> None:
        for forms, factor in table.items():
            for form in forms.split("|"):
                into[form] = Unit(dimension, name, Decimal(factor))

    add("duration", "s", {
        "seconds|second|secs": "1", "minutes|minute|mins|min": "60", "hours|hour|hrs|hr": "3600", "days|day": "86400",
        "weeks|week": "604800", "fortnights|fortnight": "1209600",
        # A year of 365.25 days and a twelfth of it.
        "months|month": "2629800", "years|year|yrs|yr": "31557600", "decades|decade": "315576000",
        "centuries|century": "3155760000",
    })  # fmt: skip
    add("percentage", "percent", {"percent|per cent|pct|%": "1"})
    add("percentage_points", "percentage_point", {
        "percentage points|percentage point|percent points|per cent points|pp|ppts|pts": "1",
        "basis points|basis point|bps|bp": "0.01",
    })  # fmt: skip
    add("distance", "m", {
        "kilometers|kilometer|kilometres|kilometre|kms|km": "1000", "meters|meter|metres|metre": "1",
        "centimeters|centimeter|centimetres|centimetre|cm": "0.01", "millimeters|millimeter|millimetres|millimetre|mm": "0.001",
        "nautical miles|nautical mile|nm": "1852", "miles|mile": "1609.344", "feet|foot|ft": "0.3048",
        "yards|yard|yds|yd": "0.9144",
        "inches|inch": "0.0254", "light years|light-years|light year|light-year": "9460730472580800",
    })  # fmt: skip
    add("area", "m2", {
        "square kilometers|square kilometer|square kilometres|square kilometre|sq km|km²|km2": "1000000",
        "square miles|square mile|sq miles|sq mi": "2589988.110336",
        "square meters|square meter|square metres|square metre|sq m|m²|m2|sqm": "1",
        "square feet|square foot|square ft|sq ft|sqft": "0.09290304", "square yards|square yard": "0.83612736",
        "hectares|hectare|ha": "10000", "acres|acre": "4046.8564224",
    })  # fmt: skip
    add("mass", "kg", {
        "kilograms|kilogram|kilogrammes|kilogramme|kilos|kilo|kg|kgs": "1", "grams|gram|grammes|gramme": "0.001",
        "milligrams|milligram|mg": "0.000001", "tonnes|tonne|metric tons|metric ton": "1000", "ounces|ounce|oz": "0.028349523125",
        "lbs|lb": "0.45359237", "kilotons|kiloton|kilotonnes": "1000000",
    })  # fmt: skip
    # A short ton is 907 kg, a long one 1,016: the words do not say which.
    words["tons"] = words["ton"] = Unit("mass", "kg", Decimal("907.18474"), Decimal("1016.0469088"))
    add("volume", "m3", {
        "cubic meters|cubic meter|cubic metres|cubic metre|m³|m3": "1", "cubic feet|cubic foot": "0.028316846592",
        "liters|liter|litres|litre": "0.001", "milliliters|millilitres|ml": "0.000001", "barrels|barrel": "0.158987294928",
        "pints|pint": "0.000568", "bcm": "1000000000",
    })  # fmt: skip
    # US and imperial gallons.
    words["gallons"] = words["gallon"] = Unit("volume", "m3", Decimal("0.003785411784"), Decimal("0.00454609"))
    add("speed", "m/s", {
        "kilometers per hour|kilometres per hour|kilometers an hour|kilometres an hour": "0.2777777778",
        "km per hour|km an hour|km/h|kmh|kph": "0.2777777778",
        "miles per hour|miles an hour|mile per hour|mile an hour|mph": "0.44704", "knots|knot": "0.5144444444",
        "meters per second|metres per second|meters a second|metres a second|m/s": "1",
    })  # fmt: skip
    for form in ("degrees celsius", "degree celsius", "degrees centigrade", "°c", "° c", "℃", "degrees c", "celsius"):
        words[form] = Unit("temperature", "celsius")
    for form in ("degrees fahrenheit", "degree fahrenheit", "°f", "° f", "℉", "degrees f", "fahrenheit"):
        words[form] = Unit("temperature", "celsius", Decimal(5) / 9, None, Decimal(-160) / 9)
    add("energy", "J", {
        "kilowatt hours|kilowatt-hours|kilowatt hour|kilowatt-hour": "3600000",
        "megawatt hours|megawatt-hours|megawatt-hour": "3.6e9",
        "gigawatt hours|gigawatt-hours": "3.6e12", "terawatt hours|terawatt-hours": "3.6e15", "joules|joule": "1",
    })  # fmt: skip
    add("power", "W", {
        "kilowatts|kilowatt": "1000", "megawatts|megawatt": "1000000", "gigawatts|gigawatt": "1e9", "terawatts|terawatt": "1e12",
        "watts|watt": "1", "horsepower|hp": "745.7",
    })  # fmt: skip
    add("energy", "J", {"kWh": "3600000", "MWh": "3.6e9", "GWh": "3.6e12", "TWh": "3.6e15"}, symbols)
    add("power", "W", {"kW": "1000", "KW": "1000", "MW": "1000000", "GW": "1e9", "TW": "1e12"}, symbols)
    add("distance", "m", {"in": "0.0254", "m": "1", "mi": "1609.344"}, attached)
    add("duration", "s", {"h": "3600", "s": "1"}, attached)
    add("mass", "kg", {"g": "0.001", "t": "1000"}, attached)
    attached["C"] = Unit("temperature", "celsius")
    attached["F"] = words["°f"]
    return words, symbols, attached


UNIT_WORDS, UNIT_SYMBOLS, UNIT_ATTACHED = _units()


def _alternatives(forms: dict[str, Unit]) -> str:
    # Longest first, so that "percentage points" is not read as nothing and "km per hour" not as km.
    return "|".join(re.escape(f).replace(r"\ ", r"[ -]") for f in sorted(forms, key=len, reverse=True))


UNIT: Final = re.compile(
    rf"(?P<gap>[ \u00a0\u202f]?-?)(?:(?P<word>(?i:{_alternatives(UNIT_WORDS)}))|(?P<symbol>{_alternatives(UNIT_SYMBOLS)}))(?!\w)"
)
UNIT_TOUCHING: Final = re.compile(rf"(?P<symbol>{_alternatives(UNIT_ATTACHED)})(?!\w)")
LONG: Final = re.compile(r"[ -]?long\b", re.IGNORECASE)
OLD: Final = re.compile(r"[ -]olds?\b|[ ]of[ ]age\b", re.IGNORECASE)
AGO: Final = re.compile(r"(?:\sor\sso)?\s(?:ago|from\snow|later|earlier|hence)\b(?!\sthan)|['’]?\stime\b", re.IGNORECASE)
AND_A_HALF: Final = re.compile(r"[ -]and[ -]a[ -](?P<part>half|quarter)\b", re.IGNORECASE)
OR_MORE: Final = re.compile(r"\+|[ -](?:or|and)[ ](?:more|higher|over|older|above|greater)\b|-plus\b| plus\b", re.IGNORECASE)
#: As in "60 or so million": the magnitude of the number in front of it.
OR_SO_MAGNITUDE: Final = re.compile(
    # Letters of ASCII alone: without regard to case others stand for s and i.
    r"(?ai:[ -]or[ -]so|[ -]odd)[ ](?P<magnitude>(?ai:hundred|thousand|million|billion|trillion|lakh|crore))\b"
)
OR_SO: Final = re.compile(r"[ ]or[ ]so\b|-odd\b|[ ]odd\b|[ ]or[ ]thereabouts\b", re.IGNORECASE)
OR_LESS: Final = re.compile(
    # "15 and under", but neither "and lower taxes" nor "and under the law", "and under Article 5".
    r"[ ](?:or[ ](?:less|fewer|under|younger|lower|below)|and[ ](?:under|younger|below)(?![ ](?:(?-i:[A-Z])|\d|(?:the|an?|his|"
    r"her|its|their|our|no|new|this|that|these|those|law|pressure|fire|way|control|guard|cover|him|it|them)\b)))\b",
    re.IGNORECASE,
)

CURRENCY_SIGNS: Final[dict[str, str]] = {
    "us$": "USD", "u.s.$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "nz$": "NZD", "s$": "SGD",
    "r$": "BRL", "nt$": "TWD", "mex$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW",
    "₪": "ILS", "₴": "UAH", "₺": "TRY", "₦": "NGN", "₱": "PHP", "rs.": "INR", "rs": "INR", "re.": "INR",
}  # fmt: skip
ISO_CURRENCIES: Final = word_set(
    """
    USD EUR GBP JPY CNY INR RUB UAH CHF AUD CAD NZD SGD HKD KRW SEK NOK DKK PLN CZK HUF TRY ILS BRL MXN ZAR NGN KES EGP
    SAR AED QAR THB IDR MYR PHP PKR BDT LKR TWD VND
    """
)
CURRENCY_BEFORE: Final = re.compile(
    "(?:" + "|".join(re.escape(s) for s in sorted(CURRENCY_SIGNS, key=len, reverse=True)) + "|"
    + "|".join(sorted(ISO_CURRENCIES)) + r")(?=[ \u00a0]?\d)", re.IGNORECASE,
)  # fmt: skip
CURRENCY_WORDS: Final[dict[str, tuple[str, str]]] = {
    form: (code, factor)
    for code, factor, forms in (
        ("USD", "1", "dollars dollar us_dollars u.s._dollars us_dollar american_dollars bucks"),
        ("AUD", "1", "australian_dollars"), ("CAD", "1", "canadian_dollars"), ("HKD", "1", "hong_kong_dollars"),
        ("NZD", "1", "new_zealand_dollars"), ("SGD", "1", "singapore_dollars"), ("TWD", "1", "taiwan_dollars"),
        ("EUR", "1", "euros euro"), ("GBP", "1", "pounds_sterling pounds pound british_pounds sterling quid"),
        ("JPY", "1", "yen"), ("CNY", "1", "yuan renminbi"), ("INR", "1", "rupees rupee indian_rupees"), ("PKR", "1",
        "pakistani_rupees"),
        ("RUB", "1", "rubles ruble roubles rouble"), ("CHF", "1", "swiss_francs francs"), ("KRW", "1", "south_korean_won"),
        ("UAH", "1", "hryvnias hryvnia hryvnya"), ("ILS", "1", "shekels shekel"), ("TRY", "1", "lira turkish_lira liras"),
        ("BRL", "1", "reais"), ("MXN", "1", "mexican_pesos pesos"), ("ZAR", "1", "rand"), ("NGN", "1", "naira"), ("PLN", "1",
        "zlotys"),
        ("SEK", "1", "swedish_kronor swedish_crowns"), ("NOK", "1", "norwegian_crowns norwegian_kroner"),
        ("DKK", "1", "danish_crowns danish_kroner"), ("USD", "0.01", "cents cent"), ("GBP", "0.01", "pence"),
    )
    for form in forms.split()
}  # fmt: skip
CURRENCY_AFTER: Final = re.compile(
    r"[ \u00a0-]?(?:(?P<word>(?i:"
    + "|".join(re.escape(w).replace("_", "[ -]") for w in sorted(CURRENCY_WORDS, key=len, reverse=True))
    + rf"))|(?P<code>{'|'.join(sorted(ISO_CURRENCIES))})|(?P<sign>[€£₽₴]))(?!\w)"
)
#: "won" is Korean money only behind a magnitude ("50 billion won"): "3 won seats" is a verb.
WON: Final = re.compile(r" won(?! the| a| their| in| by)\b", re.IGNORECASE)
POUNDS_OF_MONEY: Final = re.compile(
    r"\b(?:paid|pay|pays|cost|costs|worth|fined?|price[ds]?|spent|spend|bills?|tax|salary|wage|donated|earn\w*|savings?)\b",
    re.IGNORECASE,
)
PER: Final = re.compile(r"(?:\s(?:an?|per|each|every)\s|-an?-|/)(?:hour|day|week|month|year|barrel|person|share|ton\w*|head|"
    r"gallon|litre|liter)\b",
                         re.IGNORECASE)  # fmt: skip

# --------------------------------------------------------------------------------------------------------------------
# What looks like a value and is none

MONTH: Final = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|"
    r"\.)?|Sept?\.?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|"
    r"NOVEMBER|DECEMBER)"
)
YEAR_AFTER: Final = r"(?:,?[ ](?:1[5-9]|20)\d\d(?![\d,]))?"
DATE_FROM_MONTH: Final = re.compile(
    rf"{MONTH}\s?(?:[0-3]?\d(?:st|nd|rd|th)?(?:\s?(?:-|–|to|and|through|or)\s?[0-3]?\d(?:st|nd|rd|th)?)?"
    rf"(?![\d%]|[.,:]\d|\s?(?:percent|per cent)){YEAR_AFTER}|(?:of\s)?(?:1[5-9]|20)\d\d\b)"
)
DATE_FROM_DAY: Final = re.compile(
    rf"[0-3]?\d(?:st|nd|rd|th)?(?:\s?(?:-|–|to|and)\s?[0-3]?\d(?:st|nd|rd|th)?)?\s(?:of\s)?{MONTH}(?![a-z]){YEAR_AFTER}"
)
#: Behind a plus sign: telephone numbers with the code of a country.
TELEPHONE: Final = re.compile(r"\d{1,3}(?:[ -]\d{2,5}){2,}")
NO_VALUE: Final = re.compile(
    r"\d{4}-\d\d?-\d\d?(?!\d)(?:T[\d:.]+Z?)?"  # ISO dates
    r"|\d{1,4}(?:[./]\d{1,2}){2,}(?:[./]\d{1,4})*"  # 20/02/2022, versions, IP addresses
    r"|\d+/\d+(?:/\d+)*"  # 24/7, 9/11
    r"|\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\b\.?|GMT\b|UTC\b|E[SD]?T\b|CES?T\b|BST\b|hrs\b)"
    r"|\d{1,2}:\d\d(?::\d\d)?"
    r"|\d{1,2}\s?(?:[ap]\.m\.|[ap]m\b|AM\b|PM\b|o['’]clock\b)"
    r"|(?:[01]\d|2[0-3])[0-5]\d\s?(?:GMT|UTC|EST|EDT|CET|BST|hours local)\b"
    r"|\d{1,4}-\d{3}-\d{3,4}(?:-\d{3,4})?(?!\d)"  # telephone numbers
    r"|\d{3}-\d{4}(?!\d)"
    r"|0\d{2,4}(?:[ -]\d{3,4}){1,3}(?!\d)"
    r"|(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:(?:1[5-9]|20)\d\d|\d\d)(?![\d,.]\d|\d)"  # 1967-1979, 2016-17
    r"|(?:1[5-9]|20)\d0['’]?s\b|\d0['’]?s\b"  # decades
    r"|\d{4,5}(?:[ -]\d{3,5}){2,}"
    r"|\d{1,2}(?:-\d{1,2}){2,5}(?![\d-])"  # formations, records of a season
)
CLOCK_WORDS: Final = re.compile(r"\s?(?:[ap]\.\s?m\.|[ap]m\b|o['’]clock\b)", re.IGNORECASE)
LIST_NUMBER: Final = re.compile(r"\d{1,3}[.)](?=\s)")
AGE_DECADE_WORDS: Final = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip

VOTE_CONTEXT: Final = re.compile(
    r"\b(?:vot(?:e[sd]?|ing)|ballots?|senate|house|ruled|ruling|decision|majority|passed|approved|rejected|margin|court|"
    r"justices|jury|lawmakers|defeated|confirmed|deadlocked|split|panel|committee|parliament|council|assembly|"
    r"resolution)\b", re.IGNORECASE,
)  # fmt: skip
VOTE_NEXT: Final = re.compile(
    r"[ -](?:(?:\w+[ -]){0,2}?)(?:votes?|decision|ruling|majority|margin|split|ballot|party-line|opinion|verdict|in favou?r|"
    r"along party)\b",
    re.IGNORECASE,
)
SCORE_CONTEXT: Final = re.compile(
    r"\b(?:won|beat|beaten|defeat(?:ed|ing)?|lost|win|loss|draw|drew|victory|goal|goals|score[ds]?|final|match|game|cup|"
    r"league|set|"
    r"leading|lead|trailing|thrash\w*|aggregate|series)\b", re.IGNORECASE,
)  # fmt: skip
CHANGE: Final = re.compile(
    r"\b(?:ris\w+|rose|fell|fall\w*|increas\w+|decreas\w+|dropp?\w*|declin\w+|gr[eo]w\w*|climb\w+|jump\w*|cut\w*|rais\w+|"
    r"lower\w*|up|down|go|"
    r"slash\w*|reduc\w+|expand\w+|boost\w*|hik\w+|shr[aiu]nk\w*|w[e]nt|gone?|goes|mov\w+|slid\w*|plung\w+|surg\w+|doubl\w+|"
    r"improv\w+|"
    r"revis\w+|chang\w+|upgrad\w+|downgrad\w+|edged|soar\w*|tumbl\w+|dip\w*|swell\w*|swung|bump\w*)\b", re.IGNORECASE,
)  # fmt: skip
#: In front of the amount of a change: "rose by", "fell a further", "is up".
CHANGED_BY: Final = re.compile(
    r"\b(?:rose|ris(?:es?|en|ing)|f[ae]ll(?:s|en|ing)?|increas(?:es?|ed|ing)|decreas(?:es?|ed|ing)|dropp?(?:s|ed|ing)?|"
    r"declin(?:es?|ed|ing)|gr[eo]w(?:s|n|ing)?|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|shr[aiu]nk(?:s|ing)?|slid(?:es?|ing)?|"
    r"slipp?(?:s|ed|ing)?|plung(?:es?|ed|ing)|surg(?:es?|ed|ing)|soar(?:s|ed|ing)?|tumbl(?:es?|ed|ing)|dipp?(?:s|ed|ing)?|"
    r"swell(?:s|ed|ing)?|gain(?:s|ed|ing)?|advanc(?:es?|ed|ing)|(?<!\bgo\s)up|(?<!\bgo\s)down)"
    r"\s(?:by\s)?(?:another\s|a\sfurther\s|an\sadditional\s|only\s|just\s)?$",
    re.IGNORECASE,
)
PAST_PERIOD: Final = re.compile(r"\b(?:past|last|next|coming|previous|recent|following|preceding)\s$", re.IGNORECASE)
#: British news writes millions as it writes metres: "8.4m". What is near tells them apart.
OF_METRES: Final = re.compile(
    r"\b(?:high|height|long|length|deep|depth|tall|wide|width|thick|away|race|races|jump\w*|distance|hurdles|sprint\w*|freestyle|"
    r"butterfly|backstroke|relay|metres?|meters?|wall|fence|tide|waves?|snow|rain|swam|ran|runs?|throw|threw|tower|statue|"
    r"water|river|sea)\b",
    re.IGNORECASE,
)
MILLIONS_NEXT: Final = re.compile(
    r"-strong\b|\sof\s(?:them|these|those|whom|which|us)\b|(?:\s(?:up|down))?\sfrom\s\d[\d.,]*m\b", re.IGNORECASE
)
MILLIONS_BEFORE: Final = re.compile(
    r"\dm,?\s(?:(?:up|down)\s)?from\s$|\b(?:population|sales|users|viewers|subscribers|followers|membership|audience|"
    r"infected|unemployed|unemployment|(?:watched|viewed|seen|read|used)\sby)\b[^.;:]*$",
    re.IGNORECASE,
)
CLAUSE_END: Final = re.compile(r"\s?(?:[.,;:)\n]|$)|\s(?:and|but|while|in\s\d{4}|last|this|by\s\d{4})\b", re.IGNORECASE)
OUT_OF: Final = re.compile(
    r"[ -](?:in|out[ -]of)(?:[ -]every)?[ -](?P<whole>\d{1,3}(?:,000)?|three|four|five|six|seven|eight|nine|ten|twenty|"
    r"hundred)\b(?![,.]\d)",
    re.IGNORECASE,
)
#: Behind a proportion of nothing that is named: "seven in 10 support it".
AFTER_A_PROPORTION: Final = word_set(
    """
    . , said have are were say says support supported back backed favour favor oppose opposed want wanted think thought
    believe believed agree agreed disagree disagreed approve approved disapprove disapproved trust own live use did do
    """
) | {""}
#: In front of "two to one": those who vote one by one; elsewhere that is a ratio.
VOTERS: Final = re.compile(
    r"\b(?:votes?\s(?:of|was)|courts?|justices|judges|panel|tribunal|bench|committee|board|commission|jury|jurors|council)\b",
    re.IGNORECASE,
)
SPECIAL_BEFORE: Final = {"category": "category", "magnitude": "magnitude", "cat": "category"}

#: Rough and cheap: a full stop behind a word of three letters or more, in front of a capital.
SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9%][a-z0-9%][a-z0-9%])[.!?][\"”’)]?\s(?=[\"“‘(]?[A-Z])")
TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*|\n|[^\s]")
#: A value has a digit or one of these words in it.
TRIGGER: Final = re.compile(r"[\d½¼¾⅓⅔]")
TRIGGER_WORDS: Final = frozenset(
    {
        *SMALL, *MAGNITUDES, *VAGUE_PLURALS, *ORDINAL_WORDS, *FRACTION_WORDS, *AGE_DECADE_WORDS, "dozen", "few", "several",
        "couple", "handful", "hour", "day", "week", "month", "year", "minute", "decade", "century", "mile", "long",
        "deaths", "injuries", "casualties", "fatalities", "hourlong", "daylong", "weeklong", "monthlong", "yearlong",
        "hourslong", "dayslong", "weekslong", "monthslong", "yearslong", "decadeslong", "doubled", "tripled",
    }
)  # fmt: skip
A_WORD: Final = re.compile(r"[^\W\d_]+")
STARTERS: Final = frozenset(
    {*SMALL, *VAGUE_PLURALS, *FRACTION_WORDS, "a", "an", "several", "hundred", "thousand", "million", "half", "dozen"}
)
#: "a 10-foot-tall wall" is no wall of talls.
EXTENTS: Final = word_set("tall high wide deep thick heavy long old away")
ARTICLE_UNITS: Final = word_set("second minute hour day week month year decade century mile fortnight kilometre kilometer")
#: "a week" is a length of time only here: "once a week" and "a day after" are not.
ARTICLE_UNIT_BEFORE: Final = word_set(
    """
    for lasted lasting last lasts after within than nearly almost about over took take takes taking spent in under around
    roughly just up by every capped capping
    """
)
ARTICLE_UNIT_NEXT: Final = re.compile(
    r"(?:[ -]long\b|long\b|[ ]of\b|[ ]and[ ]a[ ]half\b|[ ](?:after|before|into)\b)", re.IGNORECASE
)
NO_CASUALTIES: Final = re.compile(r"\b(?:no|zero)\s(?:\w+\s)?(?P<what>deaths|fatalities|injuries|casualties)\b", re.IGNORECASE)
SPAN_LONG: Final = re.compile(r"\b(?P<unit>hour|day|week|month|year)(?:[ -]long|long)\b", re.IGNORECASE)
VAGUE_LONG: Final = re.compile(r"\b(?P<unit>hours|days|weeks|months|years|decades)(?:-long|long)\b", re.IGNORECASE)

ROOT: Final = Decimal("1.1").sqrt()
TENTH: Final = Decimal("0.1")
TWENTIETH: Final = Decimal("0.05")
ROUNDED_DIMENSIONS: Final = frozenset({"duration", "distance", "area", "mass", "volume", "speed", "energy", "power"})
WHOLE_DIMENSIONS: Final = frozenset({"count", "number", "age", "ordinal"})
#: Numerals longer than this are no values of news, and cost time to convert.
MOST_DIGITS: Final = 18


POUND: Final = Unit("mass", "kg", Decimal("0.45359237"))
POUNDS: Final = re.compile(r"[ -](?P<word>pounds?)(?P<sterling>[ ]sterling)?(?!\w)", re.IGNORECASE)
INCHES: Final = re.compile(
    r"[ -]?,?[ ]?(?P<n>\d{1,2})(?:[ -]?(?:in|inch|inches)\b|(?=[ ,.])(?<=-\d)|(?=[ ,.])(?<=-\d\d))", re.IGNORECASE
)
ORDINAL_DIGITS: Final = re.compile(r"(?P<n>\d{1,3}(?:,\d{3})?)(?:st|nd|rd|th)\b", re.IGNORECASE)
TENS_SET: Final = frozenset(TENS)
LENGTH_WORDS: Final = frozenset(
    f"{unit}{plural}{suffix}"
    for unit in ("hour", "day", "week", "month", "year", "decade")
    for plural in ("", "s")
    for suffix in ("", "long")
)
YEARS_IN: Final[dict[str, Decimal]] = {
    "year": Decimal(1), "month": Decimal(1) / 12, "week": Decimal(7) / Decimal("365.25"), "day": 1 / Decimal("365.25"),
    "yr": Decimal(1), "hour": 1 / Decimal("8766"), "minute": 1 / Decimal("525960"), "decade": Decimal(10),
}  # fmt: skip
SUPERLATIVES: Final = word_set(
    """
    largest biggest highest longest oldest most worst best richest busiest smallest deadliest tallest fastest poorest
    lowest least strongest youngest hottest warmest straight consecutive
    """
)
NOT_COUNTED_HYPHENS: Final = word_set(
    """
    something way fold time times star ply odd plus pronged ever off third half quarter fifth on handed sided tier ish
    year month day hour week minute second old and the for one two three four five six seven eight nine ten speed
    dimensional timer hit nil
    """
)
YEAR_AFTER_WORDS: Final = word_set(
    """
    the in since of by from until during before after early late mid a this that to and till through around back its
    """
)
#: Last words of the modifiers that may stand in front of an article: "at least a 20 percent stake".
BEFORE_AN_ARTICLE: Final = word_set("least to than nearly almost about roughly over under")
#: "The premier, 52, has": verbs and links behind the age of somebody named by a role.
AFTER_AN_AGE: Final = word_set(
    "has had is was said says will would who told died denied faces faced and whose added did does wrote won lost"
)
ADDRESS: Final = re.compile(
    r"\d{1,5}\s(?:[NSEW]\.?\s)?(?:[A-Z][\w’'.]{0,30}\s){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd|Square|Place|Terrace|Crescent|Highway)\b"
)
COMPARED: Final = word_set("more less higher lower fewer cheaper dearer larger smaller bigger faster slower longer shorter")
#: "94 percent effective" is no share of an effective.
NOT_SHARED: Final = word_set(
    """
    effective accurate complete full higher lower more less likely cheaper dearer owned contained certain sure smaller larger
    bigger faster slower annually overall yesterday today
    """
)
#: Verbs behind which an ordinal is a place.
RANKING: Final = word_set(
    """
    finished finish finishes finishing came come comes coming placed ranked ranks ranking qualified lies lie lay sits
    """
)
#: Persons whom "under" and "over" with a bare number put at an age.
OF_AN_AGE: Final = word_set(
    """
    children child people those adults women men girls boys kids voters players drivers anyone everyone americans patients
    residents minors youths persons workers teenagers students citizens passengers pensioners viewers
    """
)
CAPTION: Final = re.compile(r"\bcaption\s(?:\d+\sof\s)?$", re.IGNORECASE)
CERTAIN_COUNTS: Final = word_set(
    """
    people troops soldiers votes men women children deaths cases civilians refugees migrants homes houses students workers
    protesters police officers
    """
)
