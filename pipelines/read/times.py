"""Dates and periods in a text, resolved to half-open intervals of UTC against the day of publication.

What belongs here: the ways in which English news names a day, a week, a month, a year, a time of day or a stretch of them,
and which moments each can mean. The classes follow TimeML's TIMEX3 (Pustejovsky et al. 2003): dates, times and periods that
can be put on the calendar; bare lengths of time ("five hours") are quantities, and sets ("on Mondays") are left out.
dateparser, which the project has for bylines, reads one given string; it neither finds expressions in running text nor
knows the tense that decides between last and next Monday.

How an expression is resolved:

- A weekday is the latest one on or before the day of publication; after a cue of the future in the same sentence ("will",
  "is set to", "due", "ahead of") the first one on or after it.
- A date without a year lies in the year that brings it nearest to publication; a weekday named with it, or a clear tense,
  may overrule that.
- "Today" is the day of publication on the publisher's own calendar where that is known (``published_on``), else in UTC. Days
  run from midnight to midnight UTC whatever the place; a zone named with a time of day is converted.
- "Next" with a weekday is that of the next calendar week, Monday to Sunday: on a Wednesday, "next Friday" is nine days off.
- "The next day", "two years later" count from the last day (or year) named in front; without one they are left out.
- "In two weeks" is a date where its sentence speaks of the future.
- A week runs from the Sunday before its Monday to the Sunday that ends it, as outlets differ about its first day.
- The week "of" a date is the seven days from it, the week "ended" by one the seven up to it.
- A season or quarter "in" which something will be is the first one that is not over.
- What nobody puts into a calendar ("Tuesday's ruling", "the Feb. 20 clash") has happened, whatever will come of it.
- Midnight opens its day; that of a night ("midnight tonight") ends it.
- "since X" and "until X" are periods with the day of publication as their other end.
- Where an article took its date from a page that pastes it (``inherited``), its own day may be the one before: what is
  relative covers what both days would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.read.boilerplate import dateline_end
from pipelines.read.lexicon import word_list, word_set
from pipelines.read.records import TimeExpression

__all__ = ["dateline_day", "find_times"]

_DAY: Final = timedelta(days=1)


_MONTH_NUMBERS: Final[dict[str, int]] = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
    "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10, "november": 11,
    "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_WEEKDAY_NUMBERS: Final[dict[str, int]] = {
    "monday": 0, "mon": 0, "tuesday": 1, "tues": 1, "tue": 1, "wednesday": 2, "weds": 2, "wed": 2, "thursday": 3, "thurs": 3,
    "thur": 3, "thu": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
_NUMBER_WORDS: Final[dict[str, int]] = {
    word: number
    for number, word in enumerate(
        word_list(
            """
            zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
            eighteen nineteen twenty
            """
        )
    )
} | {"a": 1, "an": 1, "couple": 2, "thirty": 30, "forty": 40, "fifty": 50}
_ORDINALS: Final[dict[str, int]] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}

# --------------------------------------------------------------------------------------------------------------------
# Patterns. Months and weekdays need their capital, which tells "may" and "march" from May and March.

_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_D: Final = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d|/)"
_YEAR: Final = r"(?:1[5-9]|20)\d\d(?!\d|,\d{3})"
#: Behind the second number of "March 3 and 4", where no noun makes a count of it ("March 3 and 12 others").
_NO_COUNT: Final = (
    rf"(?=[.;:?!)](?!\d)|,\s(?!\d)|,?\s{_YEAR}|\s?$|"
    r"\s(?:in|at|on|and|by|but|to|when|where|with|as|for|after|before|last|this|next)\b"
    rf"(?!\s{_MONTH}))"
)
_WEEKDAY: Final = (
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)"
)
_WEEKDAY_SHORT: Final = r"(?:Mon|Tues|Tue|Weds|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)\b\.?"
_TO: Final = r"\s?(?:-|–|—|\bto\b|\bthrough\b|\buntil\b)\s?"
_N: Final = (
    r"(?:\d{1,3}|a\scouple\sof|a\scouple|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)"
)
_LENGTH: Final = r"(?:hours?|days?|weeks?|months?|years?|decades?)"
_PART_OF_DAY: Final = r"(?:\s(?:early|late))?\s(?:morning|afternoon|evening|night)"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
_ZONE: Final = (
    r"(?:\s?\(?(?:GMT|UTC|BST|CEST|CET|EEST|EET|MSK|IST|E[SD]?T|C[SD]?T|M[SD]?T|P[SD]?T|AEST|AEDT|JST|"
    r"(?i:eastern|central|pacific)(?:\s(?i:standard|daylight))?(?:\s(?i:time))?|"
    r"(?i:mountain(?:\s(?:standard|daylight))?\stime|moscow\stime|kyiv\stime|kiev\stime|"
    r"london\stime))"
    r"(?![A-Za-z])\)?)?"
)
_MERIDIEM: Final = r"(?:[ap]\.\s?m\.|[ap]m\b|AM\b|PM\b|A\.M\.|P\.M\.)"
_RELATIVE_YEAR: Final = r"(?i:this\syear|last\syear|next\syear)"
_PART_OF_SPAN: Final = r"(?i:early|mid|late)"
_QUALIFIER: Final = r"(?i:around|about|approximately|roughly|circa|(?:shortly|just)\s(?:after|before)|before|after|nearly|almost)"

_PATTERNS: Final[dict[str, str]] = {
    "iso": r"(?<![\d-])(?P<iy>(?:1[5-9]|20)\d\d)-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d)(?![\d-])",
    "numeric": r"(?<![\d/.-])(?P<na>[0-3]?\d)(?P<ns>[/.])(?P<nb>[0-3]?\d)(?P=ns)(?P<ny>(?:19|20)\d\d)(?![\d/])",
    "mdy": (
        rf"(?:(?P<mw>{_WEEKDAY}|{_WEEKDAY_SHORT}),?\s)?\b(?P<mm>{_MONTH})\s?(?P<md>{_D})(?:{_TO}(?P<me>{_D})(?!\s?{_MONTH})|"
        rf"\sand\s(?P<ma>{_D}){_NO_COUNT})?"
        rf"(?:,?\s(?P<my>{_YEAR}))?"
    ),
    "dmy": (
        rf"(?:(?P<dw>{_WEEKDAY}|{_WEEKDAY_SHORT}),?\s)?(?:the\s)?\b(?P<dd>{_D})(?:(?:{_TO}|\sand\s)(?P<de>{_D}))?\s(?:of\s)?"
        rf"(?P<dm>{_MONTH})(?![a-z])(?:,?\s(?P<dy>{_YEAR}))?"
    ),
    "month_year": rf"(?:(?P<yp>{_PART_OF_SPAN})(?:\s|-))?\b(?P<ym>{_MONTH})(?:,|\sof)?\s(?P<yy>{_YEAR})",
    "quarter": (
        r"\b(?P<qq>(?i:(?:the\s)?(?:first|second|third|fourth|final|last)[ -](?:quarter|half)\b)|Q[1-4]\b)"
        rf"(?:(?:\s(?i:of|in))?(?:\s(?i:fiscal|the\syear))?\s(?P<qy>{_YEAR}|{_RELATIVE_YEAR}))?"
    ),
    "season": (
        r"\b(?:(?P<sp>(?i:last|this|next|this\spast|this\scoming|in\sthe|early|late))\s(?:in\sthe\s)?)?"
        rf"(?P<sn>(?i:{_SEASON}))\b(?:(?:,|\sof)?\s(?P<sy>{_YEAR}|{_RELATIVE_YEAR}))?"
    ),
    "decade": rf"(?:\b(?i:the)\s)?(?:\b(?P<ep>{_PART_OF_SPAN})(?:\s|-))?(?<![\d-])(?P<ee>(?:1[5-9]|20)\d0)['’]?s\b",
    "years": rf"(?<![\w$€£.,:/#@-])(?P<ra>{_YEAR})\s?[-–—]\s?(?P<rb>{_YEAR}|\d\d)(?![\w%/-]|[.,]\d)",
    "year": (rf"(?:\b(?P<vp>{_PART_OF_SPAN})(?:\s|-)(?:in\s)?|(?<![\w$€£.,:/#@-]))(?P<vv>{_YEAR})(?![\w%/]|[.,:]\d|-\d)"),
    "month": (
        r"(?:\b(?P<op>(?i:early|mid|late|last|next|this|earlier\sthis|late\slast|early\slast))(?:\s|-))?\b"
        rf"(?P<om>{_MONTH})(?![\w’']?\w)(?:\s(?:of\s)?(?P<oy>{_RELATIVE_YEAR}))?"
    ),
    "weekday": (
        r"(?:\b(?P<wp>(?i:early|late|last|next|this|this\spast|this\scoming|this\slast)(?:\s(?i:on))?)\s)?\b"
        rf"(?P<ww>{_WEEKDAY}|(?:Tues|Thurs|Weds)\b\.?)(?![\w])(?P<wn>(?i:{_PART_OF_DAY}))?"
        r"(?:\s(?:of\s)?(?P<wk>(?i:last|this|next)\s(?i:week))\b)?"
    ),
    "day": (
        r"\b(?i:(?P<rd>the\sday\sbefore\syesterday|the\sday\safter\stomorrow|(?:(?:early|late|earlier|later)\s)?"
        r"(?:yesterday|today|tomorrow)(?:\s(?:morning|afternoon|evening|night))?|tonight|this\s(?:morning|afternoon|evening)|"
        r"last\snight|overnight))\b"
    ),
    "ago": (
        r"\b(?i:(?:(?P<aq>about|around|some|nearly|almost|more\sthan|over|less\sthan|just|roughly|at\sleast)\s)?"
        rf"(?P<an>{_N}|several|a\sfew|just\sa\sfew)\s(?P<au>{_LENGTH})(?:\sor\sso)?\sago)\b"
    ),
    "rolling": (
        r"\b(?i:(?:(?P<gi>in|over|for|during|within)\s)?the(?:se)?\s(?P<gw>past|last|next|coming|previous)\s"
        rf"(?:(?P<gn>{_N}|several|few)\s)?(?P<gu>{_LENGTH}))\b"
    ),
    "hence": (
        rf"\b(?i:(?P<hi>in)\s(?:(?:about|around|some|just|roughly)\s)?(?P<hn>{_N})\s(?P<hu>days?|weeks?|months?|years?)"
        r"(?P<ht>(?:['’]s?|s['’])?\stime)?\b|"
        rf"(?P<fn>{_N})\s(?P<fu>days?|weeks?|months?|years?)\sfrom\s(?:now|today)\b)"
    ),
    "anchored": (
        r"\b(?i:the\s(?P<bw>next|following|previous)\s(?P<bu>day|morning|afternoon|evening|night|week|month|year)\b|"
        r"the\s(?P<cu2>day|week|month|year|night)\s(?P<cw2>before|after)\b(?=[.,;:)”\"]|\sand\b|\sbut\b|\s?$)|"
        rf"(?:(?:about|around|some|just|only|roughly)\s)?(?P<dn>{_N})\s(?P<du>days?|weeks?|months?|years?)\s(?:"
        r"(?P<dl>later|earlier)\b(?!\sthan)|(?P<da>before|after|afterwards?)\b(?=[.,;:)”\"]|\s?$)))"
    ),
    "recent": r"\b(?i:(?:in\s)?(?P<cw>recent|coming)\s(?P<cu>days|weeks|months))\b",
    "unit": (
        r"\b(?i:(?P<up>(?:earlier|later|late|early)\s)?(?P<uw>last|this|next)\s"
        r"(?P<uu>weekend|week|month|quarter|year|century|decade))\b"
    ),
    "weekend": r"\b(?i:(?:over|at|on|during)\sthe\s(?P<en>weekend))\b",
    "nth": (
        r"\b(?i:on|until|till|by|since|from)\sthe\s(?P<tn>(?:3[01]|[12]?\d)(?:st|nd|rd|th))\b"
        r"(?!\s(?:floor|anniversary|day|century|birthday|[a-z]+\s(?:time|day)))"
    ),
    "feast": (
        r"\b(?P<ff>July\s(?:Fourth|4th)|Christmas\s(?:Day|Eve)|Boxing\sDay|New\sYear['’]s\s(?:Day|Eve)|Valentine['’]s\sDay|"
        r"Halloween|Fourth\sof\sJuly|Independence\sDay)\b"
    ),
    "attacks": r"\b(?P<tt>9/11|Sept(?:ember|\.)?\s11(?:th)?(?=\s(?:terror\w*\s|terrorist\s)?attacks?))(?!\d)",
    "clock": (
        rf"(?<![\w.:$€£-])(?P<kb>(?<=\b[Bb]etween\s))?(?:(?P<kq>{_QUALIFIER})\s)?"
        rf"(?:(?P<kh>[01]?\d|2[0-4])(?:[:.](?P<km>[0-5]\d)(?::[0-5]\d)?)?"
        rf"(?:\s?(?P<kx>{_MERIDIEM}))?(?:(?:\s?(?:-|–|to)\s?|(?(kb)\sand\s|(?!)))"
        rf"(?P<kH>[01]?\d|2[0-4])(?:[:.](?P<kM>[0-5]\d))?)?"
        rf"(?:\s?(?P<ka>{_MERIDIEM})|(?=[^\w]|$))|(?P<k4>(?:[01]\d|2[0-3])[0-5]\d)(?=\s(?:GMT|UTC|hours|local))|"
        rf"(?P<kw>(?i:noon|midday|midnight))\b)(?P<kz>{_ZONE})"
    ),
}
#: In this order: the first alternative that fits at a place wins.
_ORDER: Final = (
    "attacks", "iso", "numeric", "mdy", "dmy", "month_year", "feast", "ago", "anchored", "hence", "rolling", "recent", "quarter",
    "season", "decade",
    "years", "unit", "weekend", "weekday", "day", "nth", "month", "clock", "year",
)  # fmt: skip
_INNER: Final[dict[str, re.Pattern[str]]] = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
#: Where an expression may begin: words of the patterns, with the patterns that may fit there; digits have their own.
_TRIGGERS: Final[dict[str, tuple[str, ...]]] = {}


def _fill_triggers() -> None:
    """Words at which patterns are tried, and which."""
    months = ("mdy", "month_year", "month")
    weekdays = ("mdy", "dmy", "weekday")
    for name in _MONTH_NUMBERS:
        _TRIGGERS[name] = ("attacks", *months)
    for name in _WEEKDAY_NUMBERS:
        _TRIGGERS[name] = weekdays
    for words, patterns in (
        ("early mid late", ("month_year", "season", "decade", "year", "month", "weekday", "unit", "day")),
        ("earlier later", ("unit", "day", "month")),
        ("last this next", ("unit", "weekday", "day", "season", "month")),
        ("the these", ("anchored", "rolling", "decade", "quarter", "day", "dmy")),
        ("yesterday today tomorrow tonight overnight", ("day",)),
        ("over for during within", ("rolling", "recent", "season", "weekend")),
        ("in", ("hence", "rolling", "recent", "season", "weekend")),
        ("about around some just only roughly", ("anchored",)),
        ("at", ("weekend",)),
        ("on", ("weekend", "nth")),
        ("until till by since from", ("nth",)),
        ("about around some nearly almost more less just roughly approximately circa shortly before after", ("ago", "clock")),
        ("a an one two three four five six seven eight nine ten eleven twelve several", ("ago", "anchored", "hence")),
        (
            "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty",
            ("ago", "anchored", "hence"),
        ),
        ("recent coming", ("recent",)),
        ("first second third fourth final q1 q2 q3 q4", ("quarter",)),
        ("spring summer autumn fall winter", ("season",)),
        ("noon midday midnight", ("clock",)),
        ("christmas boxing new valentine halloween fourth independence july", ("feast",)),
    ):
        for word in words.split():
            known = (*_TRIGGERS.get(word, ()), *patterns)
            _TRIGGERS[word] = tuple(sorted(set(known), key=_ORDER.index))


_fill_triggers()
_A_WORD: Final = re.compile(r"[^\W_]+")
_A_DIGIT: Final = re.compile(r"\d")
#: Every expression has a digit or one of these in it: a look for them costs a hundredth of a scan.
_HINTS: Final = (
    "day", "week", "month", "year", "night", "noon", "morning", "evening", "tomorrow", "decade", "centur", "quarter", "half",
    "spring", "summer", "autumn", "fall", "winter", "jan", "feb", "mar", "apr", "may", "june", "jul", "aug", "sep", "oct", "nov",
    "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "hour", "christmas", "hallowe",
)  # fmt: skip
_AT_DIGIT: Final = tuple(
    sorted(("attacks", "iso", "numeric", "dmy", "ago", "anchored", "hence", "decade", "years", "clock", "year"), key=_ORDER.index)
)

# --------------------------------------------------------------------------------------------------------------------
# Guards and cues

#: "Black Friday" and "Super Tuesday" name a day of their own calendar, "Sheffield Wednesday" a club.
_NAMED_WEEKDAY: Final = re.compile(
    r"\b(?:Black|Good|Super|Ash|Bloody|Palm|Easter|Cyber|Shrove|Holy|Fat|Giving|Ruby|Freaky|Manic|Maundy|Pancake|Taco|"
    r"Sheffield|Whit|"
    r"Big|Joe|[Ee]very|[Ee]ach|Small\sBusiness|Mail\son|Independent\son|Scotland\son|Man)\s$"
)
_NAMED_AFTER_WEEKDAY: Final = re.compile(
    r"\s(?:Times|Club|Group|Telegraph|Express|Mirror|Mail|Herald|People|Post|World|Sport|Independent|Business|Today|Night\s(?:Live|"
    r"Football)|"
    r"Review|Magazine|Mass\b)"
)
#: Months that are also names and verbs need one of these in front when they stand alone.
_BEFORE_MONTH: Final = re.compile(
    r"\b(?:in|last|next|this|since|until|till|by|during|early|late|mid|before|after|from|of|for|through|to|and|between|"
    r"late\slast)[\s-]$",
    re.IGNORECASE,
)
_BEFORE_MAY: Final = re.compile(
    r"\b(?:in|last|next|this|since|until|till|during|early|late|mid|before|after|from|through|by)[\s-]$", re.IGNORECASE
)
_AFTER_NO_MONTH: Final = re.compile(r"\s(?:for\b|on\b|Madness|of\sthe|against|through)|\s[A-Z][a-z]+(?<!Monday)")
_NAME_BEFORE: Final = re.compile(r"(?:\b[A-Z][\w’'-]+|\bMrs?\.?|\bMs\.?)\s$")
_AMBIGUOUS_MONTHS: Final = frozenset(("march", "may", "april", "june", "august", "jan", "mar", "dec", "sep"))
_COUNT_AFTER: Final = re.compile(
    r"\s(?:people|soldiers|civilians|troops|men|women|children|others|killed|dead|injured|wounded|votes|percent|per\scent|"
    r"million|billion|"
    r"thousand|hundred|times|points?|[a-z]+s\swere)\b"
)
_YEAR_BEFORE: Final = re.compile(
    r"(?:^|\b(?:in|since|of|by|from|until|till|during|before|after|early|late|mid|the|to|and|through|between|a|his|her|its|"
    r"their|that|this|"
    r"back|for|around|about|circa|until|last|or|as|on|than|over|fiscal|year|spring|summer|autumn|fall|winter|quarter|mid-|"
    r"[a-z]+)\s|"
    r"[(“\"‘'—–-]|[,;:]\s|[a-z]+\s)$",
    re.IGNORECASE,
)
_YEAR_NEEDS: Final = re.compile(
    r"\b(?:in|since|of|from|by|until|till|to|and|between|before|after|during|around|circa)\s$", re.IGNORECASE
)
_NO_YEAR_BEFORE: Final = re.compile(
    r"\b(?:Flight|Room|Boeing|Route|Highway|Windows|Peugeot|Resolution|No\.?|number|Article|Section|section|Area|Unit|"
    r"Channel|some|"
    r"about|around|nearly|almost|over|least|than|roughly|another|approximately|all|only|just|with|nearly|killed|SEC\.|sec\.)\s$"
)
_NO_YEAR_AFTER: Final = re.compile(
    r"\s?(?:%|percent|per\scent|people|soldiers|troops|men\b|women|votes|miles?|km|kilomet|met(?:er|re)s|feet|tons|tonnes|"
    r"dollars|euros|pounds|"
    r"million|billion|homes|houses|cases|deaths|jobs|students|workers|others|members|delegates|times|hours|days|words|points|"
    r"acres|degrees|civilians|refugees|migrants|prisoners|detainees|police|officers|pages|seats|GMT|UTC|local\stime|hours)\b"
)
_CAPITAL_BEFORE: Final = re.compile(r"(?<![.!?\n“\"]\s)(?<!^)\b[A-Z][\w’'.-]*\s$")
_OPEN_CAPITALS: Final = word_set(
    """
    In Since By During Until From Between Before After Early Late Mid Of The And To Through Back Around About Till For
    Spring Summer Autumn Fall Winter On A
    """
)
_DATE_BEHIND: Final = re.compile(rf",\s{_MONTH}\s?{_D}")
#: "the week of March 4", "the week ended March 9".
_WEEK_OF: Final = re.compile(r"\bweek\s(of|from|beginning|starting|commencing|ended|ending)(?:\son)?\s(?:the\s)?$", re.IGNORECASE)
_TOLD_YEAR: Final = re.compile(r",?\s(?:of\s)?(last|this|next)\syear\b", re.IGNORECASE)
#: "the third fire in two weeks" counts back; "in two weeks of talks" measures.
_AMONG: Final = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|\d+th|times?|most|highest|lowest|worst|biggest|largest|best|deadliest|only|once|"
    r"twice|anyone|record|doubled?|tripled?|rise|fall)\b[^,;]{0,40}\s$",
    re.IGNORECASE,
)
_NOT_SINCE: Final = re.compile(r"\b(?:has|have|had)(?:n['’]t|\s(?:not|never))\b", re.IGNORECASE)
_HENCE_OF: Final = re.compile(r"\s(?:of|in\s(?:prison|jail)|or\s(?:less|so\sfar))\b|-")
_IS_DUE: Final = re.compile(r"\b(?:is|are|opens?|begins?|starts?|ends?|expires?|closes?|retires?|turns?|returns?|meets?)\s$")
#: Verbs in the present of timetables ("the fair opens on Monday"): what stands in a calendar lies ahead.
_TIMETABLE: Final = word_set(
    """
    opens open begins begin starts start closes close ends end resumes resume reopens reopen expires expire launches lifts
    kicks airs convenes
    """
)
#: Phrases of calendars, as far as they are fixed: "speaks" and "travels" alone stand below pictures too.
_ON_THE_CALENDAR: Final = re.compile(
    r"\b(?:(?:go|goes|head|heads)\s(?:back\s)?to\sthe\spolls|takes?\splace|"
    r"(?:take|come|go)(?:s|es)?\sinto\s(?:effect|force)|takes?\seffect|gets?\sunder\s?way|"
    r"(?:go|goes)\son\s(?:trial|sale)|(?:is|are)\s(?:next\s|back\s)?in\scourt)\b"
)
#: These stand below pictures of what has been ("speaks to reporters on Tuesday") unless the hour is named.
_TIMETABLE_WITH_HOUR: Final = word_set("meets meet plays play returns return arrives arrive departs lands votes vote speaks")
_BEFORE_QUARTER: Final = re.compile(r"\b(?:in|for|of|the|during|by|its|last|since|until)\s$|^$", re.IGNORECASE)
#: A quarter that lies ahead has things happen "in" it; results "for" a quarter, and fourth-quarter profits, are of one gone by.
_IN_QUARTER: Final = re.compile(r"\b(?:in|during|by|from|until)\s$", re.IGNORECASE)
_REPORTING: Final = re.compile(r"\b(?:report|post|announce|publish|release|show|disclose)(?:s|ing)?\b", re.IGNORECASE)
_QUARTER_FIGURES: Final = re.compile(r"\s(?:results|earnings|figures|profits?|sales|revenues?|report|loss(?:es)?|growth)\b")
_CLOCK_LEAD: Final = re.compile(
    r"\b(?:at|by|around|about|until|till|from|since|before|after|from\sabout|o['’]clock|only|just)\s$", re.IGNORECASE
)
_PREFIX: Final = re.compile(
    r"\b(?P<word>since|until|till|through|by|from|between)\s(?:(?:about|around|at\sleast|as\slate\sas|as\sfar\sback\sas)\s)?$",
    re.IGNORECASE,
)
_RANGE_GAP: Final = re.compile(
    r"\s?(?:-|–|—|\bto\b|\bthrough\b|\bthru\b|\buntil\b|\btill\b)\s?(?:the\s)?(?:early\s|late\s)?", re.IGNORECASE
)
_AND_GAP: Final = re.compile(r"\s(?:and|to)\s", re.IGNORECASE)
_CLOCK_GAP_BEFORE: Final = re.compile(r",?\s(?:on\s)?|\s\(|,?\s(?:local\stime\s|time\s)?(?:on\s)?", re.IGNORECASE)
_CLOCK_GAP_AFTER: Final = re.compile(
    r",?\s(?:at|from|by|until|around|about|just|shortly)?\s?(?:about\s|around\s)?", re.IGNORECASE
)
_SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9%][a-z0-9%])[.!?][\"”’)]?\s(?=[\"“‘(]?[A-Z])|\n|;\s")
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Gen|Sen|Rep|Gov|Col|Lt|Sgt|Inc|Ltd|Mon|Tues|Weds|Thurs))$"
)

#: Words of the future wherever they stand in front; those that need "to" or "for" behind them; those that count only where
#: the date follows at once ("by Monday", never "killed by police on Monday").
_FUTURE: Final = word_set(
    """
    will shall due scheduled expected slated planned upcoming would may could might should must deadline poised gonna
    awaits awaiting expects expect likely
    """
)
_FUTURE_WITH_TO: Final = word_set(
    "set plans plan planning intends intend hopes hope hoping vowed going ready wants want forecast forecasts predicted on"
)
_FUTURE_AT_ONCE: Final = word_set("by until till before ahead starting beginning effective pending")
_BETWEEN_CUE_AND_DATE: Final = word_set("of on the at about around early late least as")
_NO_COMMENT: Final = word_set("comment say elaborate confirm immediately reached respond discuss")
#: What is put into a calendar "for" or "to" the date that follows at once: "called for Monday", not "called for calm on Monday".
_PUT_DOWN_FOR: Final = word_set(
    "rescheduled postponed moved delayed listed fixed booked called tabled pencilled penciled adjourned bailed set"
)
#: After "had", plans that came to nothing.
_GIVEN_UP: Final = word_set("planned hoped intended expected")
#: The plan was dropped: "was due to open in January but was delayed".
_DROPPED: Final = re.compile(
    r"\w{1,12}\.?[\w\s’'-]{0,24},?\sbut\s(?:(?:it|he|she|they|that|this|the\s[a-z]+)\s)?"
    r"(?:was|were|had|did|has|have|fell|never|[a-z]+ed)\b"
)
#: Mishaps and judgments, which nobody puts into a calendar: what is named by their day has happened.
_HAPPENED: Final = (
    r"(?:attacks?|assault|clash(?:es)?|shootings?|killings?|murders?|stabbings?|bombings?|blasts?|explosions?|crash|collision|"
    r"accident|fire|blaze|floods?|(?:earth)?quake|disaster|collapse|riots?|massacre|deaths?|arrests?|raids?|ruling|verdict|"
    r"defeat|loss|win|victory)\b"
)
#: A weekday, or "early Tuesday".
_AT_WEEKDAY: Final = re.compile(rf"(?:[a-z]{{1,12}}\s)?{_WEEKDAY}")
#: "Tuesday's 3-0 defeat", "the Feb. 20 clash".
_HAPPENED_THEN: Final = re.compile(
    rf"(?:(?:early\s|late\s)?{_WEEKDAY}(?:{_PART_OF_DAY})?['’]s|(?:{_MONTH}\s{_D}|{_D}\s{_MONTH}))"
    rf"(?:\s(?!on\b|of\b|over\b|after\b|for\b|in\b|to\b|and\b)[\w-]+){{0,2}}?\s{_HAPPENED}"
)
#: "over the stabbing of Ann Roe on"; but what one prepares for is ahead, and so may be the win that one hopes for.
_HAPPENED_ON: Final = re.compile(
    rf"(?P<lead>[\w’'-]+)\s(?:over|after|for|following|into|from)\s(?:[\w’'-]+\s){{0,3}}(?!defeat|loss|win|victory){_HAPPENED}"
    r"(?:\sof\s(?:[\w.’'-]+\s){0,3}[\w.’'-]+)?\s(?:on\s|in\s)?(?:the\s)?$"
)
#: In front of "for", these look ahead.
_PREPARING: Final = word_set(
    "prepare prepares prepared preparing ready brace braces braced bracing plan plans planning wait waits waited waiting"
)
#: In front of what is called by its day ("ahead of Tuesday's ruling") these say that it is still to come.
_LOOKING_AHEAD: Final = (_FUTURE_AT_ONCE - {"by"}) | _PREPARING | word_set("await awaits awaiting")
#: Who or what did it stands behind "hit by" ("Tuesday's storm"); a deadline or close did nothing.
_AGENT: Final = re.compile(r"\w{1,12}['’]s\b(?!\s(?:[\w-]+\s)?(?:deadline|close|end|cut-?off|target)\b)")
_STRUCK_BY: Final = re.compile(
    r"(?<!\bbe)\s(?:hit|struck|hurt|torn|shaken|caused|damaged|destroyed|killed|injured|wounded|affected|displaced|devastated|"
    r"battered|flooded|delayed|triggered|sparked|shocked|stunned|disrupted)\sby\s$"
)
#: Participles of the future list that a plain "had" or "was" in front turns to the past only together with "been".
_TO_AFTER_THESE: Final = word_set(
    """
    agreed hoped wanted decided promised vowed pledged plans plan planned planning expected set due scheduled wants want
    hopes hope intends intend ready likely invited asked ordered going is are was were be slated poised about continue
    supposed required threatened preparing prepares prepared vows agrees continues
    """
)
_PAST: Final = word_set(
    """
    said told met was were had took held came went began saw won lost fell rose left gave got made found struck hit shot
    died put ran spoke wrote sent led kept sat stood broke drove flew grew knew fought did has have been paid spent bought
    brought thought caught taught became stole swore drew threw cut let read cost quit spread sought built dealt
    """
)
_AUXILIARIES: Final = frozenset(("has", "have", "been", "had", "was", "were"))
_HAD: Final = frozenset(("had", "was", "were"))
_SAYING: Final = word_set(
    """
    said told announced reported added warned claimed confirmed argued noted insisted suggested predicted stated explained
    """
)
#: What is wanted by a day is ahead of its telling.
_WANTED: Final = word_set("needed required ordered asked told wanted demanded promised pledged requested supposed")
_NO_INFINITIVE: Final = word_set("the a an his her its their this that")
_PAST_AHEAD: Final = re.compile(r"\b(?:had|was|were|did)\b", re.IGNORECASE)
#: Past and infinitive are one word: after a modal, "to" or a determiner, or as the head of a noun, they tell no past.
_UNCHANGING: Final = word_set("cut hit put let read quit spread cost")
_MODALS: Final = word_set("will shall would can could may might must should to")
_NOUN_FOLLOWS: Final = word_set("a an the his its their our your my no any every another first further")
_CUT_OF: Final = word_set("rate rates tax pay price budget job jobs spending interest power output staff")
#: Participles that belong to the noun in front ("a man accused of fraud faces trial"), by the preposition they take.
_OF_THE_NOUN: Final = frozenset(
    (
        ("accused", "of"), ("convicted", "of"), ("suspected", "of"), ("charged", "with"), ("armed", "with"), ("based", "in"),
        ("located", "in"), ("wanted", "for"), ("linked", "to"), ("related", "to"),
    )
)  # fmt: skip
#: What stands between commas beside a noun tells of it, not of the sentence: "Roe, who resigned in May, faces trial".
_ASIDE: Final = re.compile(r",\s(?:who|which|whose|hit|struck|held|built|[a-z]+ed)\b[^,;]*,(?=\s[a-z])")
_NOT_PAST: Final = word_set(
    """
    united armed need red bed need hundred indeed exceed proceed speed feed seed breed shed wed unprecedented
    """
)
#: Who said it stands behind what he said: the day belongs to the saying, whatever the tense of the words.
_AFTER_QUOTED: Final = re.compile(
    r"[”\"’']\s(?:[A-Z][\w.’'-]*\s){1,4}(?:said|told|added|announced|warned|noted|explained|argued)\s[^”\"“,;]*$"
)
_POSSESSIVE: Final = re.compile(r"\w+['’]s\b")
#: In front of "until" these tell that the day has come: "did not speak until Monday". No :data:`pipelines.negations.NOT_UNTIL`:
#: that tells whether something is stated after all, in whatever tense ("will not open until Monday"), and not of what lasted
#: ("did not stay until Monday").
_NEGATED_PAST: Final = re.compile(r"\b(?:did|was|were|had)(?:n['’]t|\snot)\b|\bnever\b", re.IGNORECASE)
_ON_AND_CLOCK: Final = word_set(
    """
    on at in open closed due to from for the of early late around about a p m am pm gmt utc noon midnight local time again
    here there off with
    """
)
#: In front of these the word is a noun or bound to another verb: "the open", "to play", "did meet".
_NO_TIMETABLE: Final = word_set(
    """
    the a an to his her its their our this that of did didn does not and or in at by s would will could had no was were is are
    be been remain remained kept stay
    """
)
_WORD: Final = re.compile(r"\d+|[A-Za-z]+(?:[’'](?:ll|d))?|[’']ll")

_ZONE_HOURS: Final[dict[str, float]] = {
    "gmt": 0, "utc": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "est": -5, "edt": -4, "cst": -6,
    "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "aest": 10, "aedt": 11, "jst": 9, "moscow time": 3,
    "eastern standard": -5, "eastern daylight": -4, "central standard": -6, "central daylight": -5, "mountain standard": -7,
    "mountain daylight": -6, "pacific standard": -8, "pacific daylight": -7,
}  # fmt: skip
#: Zones whose name leaves summer time open, as the IANA zone database names their time.
_ZONE_SEASONAL: Final[dict[str, str]] = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles",
    "london": "Europe/London", "kyiv": "Europe/Kyiv", "kiev": "Europe/Kyiv",
}  # fmt: skip
_FEASTS: Final[tuple[tuple[str, int, int], ...]] = (
    ("christmas day", 12, 25), ("christmas eve", 12, 24), ("boxing", 12, 26), ("new year’s day", 1, 1), ("new year’s eve", 12,
    31),
    ("valentine", 2, 14), ("halloween", 10, 31), ("fourth of july", 7, 4), ("july", 7, 4), ("independence", 7, 4),
)  # fmt: skip
_WEEKDAY_BEFORE: Final = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?\.?,?\s$")
_SEASON_STARTS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
#: Days that "N days, weeks, months, years" may lie beside what is said: nobody counts a fortnight to the day.
_LENGTH_DAYS: Final = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25, "decade": 3652.5}


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of text with the days it can mean; a time of day has minutes instead, until it is joined to a day."""

    start: int
    end: int
    kind: str
    lower: datetime
    upper: datetime
    precision: str
    has_year: bool = False
    #: Minutes since midnight, half-open, and the zone's distance to UTC, for times of day.
    minutes: tuple[int, int] | None = None
    zone: str | None = None
    #: How far it lies from what was named before, for what counts from there: a number and day, week, month or year.
    shift: tuple[int, str] | None = None


_Days = tuple[date, date, str]


def _norm(words: str | None) -> str:
    """Lower case, single blanks; empty for a group that matched nothing."""
    return " ".join((words or "").lower().split())


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _month_days(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year + (month == 12), month % 12 + 1, 1)


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _sunday_before(day: date) -> date:
    """The Sunday in front of the Monday of a day's week."""
    return day - (day.weekday() + 1) * _DAY


def _is_past(word: str) -> bool:
    """Whether a lower-cased word is a verb of the past, as far as its form tells."""
    return word in _PAST or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST)


def _tells_past(words: list[str], lowered: list[str], i: int) -> bool:
    """Whether the word is a verb of the past where it stands: "cut rates", and no "rate cut", "will cut", "the proposed cut"."""
    word = lowered[i]
    if not _is_past(word):
        return False
    previous = lowered[i - 1] if i else ""
    following = lowered[i + 1] if i + 1 < len(lowered) else ""
    if word in _UNCHANGING:
        return previous not in _NOUN_FOLLOWS | _CUT_OF and _MODALS.isdisjoint(lowered[max(0, i - 2) : i])
    if word in _PAST:
        return True
    is_name = i > 0 and words[i][0].isupper()
    return not is_name and previous not in _NOUN_FOLLOWS and (word, following) not in _OF_THE_NOUN


class _Resolver:
    """What expressions mean for one day of publication; None where nothing can be said without one."""

    __slots__ = ("exact", "hi", "is_inherited", "lo", "published", "text", "today")

    def __init__(
        self, text: str, lo: int, hi: int, published_at: datetime | None, precision: str, *, published_on: date | None = None
    ) -> None:
        self.text, self.lo, self.hi = text, lo, hi
        self.published: datetime | None
        # Years before print and far ahead are errors of a page, and would run off the calendar.
        if published_at is None or precision == "unknown" or not 1500 <= published_at.year < 2200:
            self.published = None
        elif published_at.tzinfo is None:
            self.published = published_at.replace(tzinfo=UTC)
        else:
            self.published = published_at.astimezone(UTC)
        self.today: date | None = self.published.date() if self.published is not None else None
        # Clocks differ by 14 hours at most: a day further off is of something else.
        if self.today is not None and published_on is not None and abs((published_on - self.today).days) <= 1:
            self.today = published_on
        self.is_inherited = precision == "inherited"
        self.exact = precision in ("second", "minute")

    def elsewhere(self, lo: int, hi: int) -> _Resolver:
        """The same publication, another stretch of the text."""
        other = copy(self)
        other.lo, other.hi = lo, hi
        return other

    # -- the sentence around -------------------------------------------------------------------------------------------

    def before(self, position: int, width: int = 120) -> str:
        piece = self.text[max(self.lo, position - width) : position]
        cut = 0
        for boundary in _SENTENCE_END.finditer(piece):
            if not _ABBREVIATED.search(piece, 0, boundary.start()):
                cut = boundary.end()
        return piece[cut:]

    def tense(self, position: int) -> str | None:
        """``future`` or ``past``, by a fixed phrase or the nearest verb in front of a position; None where unclear."""
        clause = self.before(position)
        tense = self.tense_of_phrase(clause, position) or self.tense_of_verbs(clause, position)
        if tense == "future" and _AT_WEEKDAY.match(self.text, position, self.hi) is None:
            happened = _HAPPENED_ON.search(clause)
            if happened is not None and happened["lead"].lower() not in _PREPARING:
                return None  # "will be sentenced for the stabbing on Jan. 5" may be the day of either: the calendar decides
        return tense

    def tense_of_verbs(self, clause: str, position: int) -> str | None:
        """The tense of the nearest verb or cue in a clause in front of a position.

        A verb of saying speaks for the past only where the date follows closely: "said on Monday", but not "said that the
        vote on Monday".
        """
        found = list(_WORD.finditer(clause))
        words = [m.group() for m in found]
        lowered = [w.lower() for w in words]
        count = len(words)
        asides = [m.span() for m in _ASIDE.finditer(clause)]
        for i in range(count - 1, max(count - 16, -1), -1):
            word = lowered[i]
            previous = lowered[i - 1] if i else ""
            following = lowered[i + 1] if i + 1 < count else ""
            if word in _FUTURE_AT_ONCE and _BETWEEN_CUE_AND_DATE.issuperset(lowered[i + 1 :]):
                if word == "before" and not _HAD.isdisjoint(lowered):
                    return "past"
                if word in ("until", "till") and _NEGATED_PAST.search(clause):
                    return "past"  # "did not speak until Monday"
                if word == "by" and self.had_by_then(lowered[:i]):
                    return "past"  # "had died by Monday"
                if (i == 0 or word == "by") and _PAST_AHEAD.search(self.text, position, min(self.hi, position + 60)):
                    return "past"  # "By Monday, the town had fallen"
                return "future"
            after_that = lowered[i + 2] if i + 2 < count else ""
            if word == "due" and following == "to" and after_that in _NO_INFINITIVE:
                continue  # "due to the snow"
            if word == "expected" and previous == "than":
                continue  # "better than expected"
            if word in _PUT_DOWN_FOR and following in ("for", "to") and _BETWEEN_CUE_AND_DATE.issuperset(lowered[i + 2 :]):
                return "past" if self.came_to_nothing(lowered, i, position) else "future"
            if word in _FUTURE or (word in _FUTURE_WITH_TO and following in ("to", "for")):
                if self.came_to_nothing(lowered, i, position):
                    return "past"
                if following == "not" and not _NO_COMMENT.isdisjoint(lowered[i + 2 : i + 5]):
                    return "past"  # "could not be reached for comment on Monday"
                if previous == "been" and "had" in lowered[max(0, i - 2) : i]:
                    return "past"
                if words[i] != "May":
                    return "future"
            if word.endswith(("’ll", "'ll", "’d", "'d")):
                return "future"
            if word in ("is", "are") and _ON_AND_CLOCK.issuperset(w for w in lowered[i + 1 :] if not w.isdigit()):
                return "future"  # "the vote is on Monday"
            if (
                (
                    word in _TIMETABLE
                    or (word in _TIMETABLE_WITH_HOUR and any(w.isdigit() or w == "again" for w in words[i + 1 :]))
                )
                and not words[i][0].isupper()
                and i
                and previous not in _NO_TIMETABLE
                and _ON_AND_CLOCK.issuperset(lowered[max(i + 1, count - 1) :])
            ):
                return "future"
            if word == "to" and following.isalpha():
                if previous in _TO_AFTER_THESE and following not in _NO_INFINITIVE:
                    return "past" if self.came_to_nothing(lowered, i - 1, position) else "future"
                if (
                    0 < i <= 6
                    and words[i - 1][0].isupper()
                    and words[i + 1][0].islower()
                    and not previous.endswith("ing")
                    and following not in _NO_INFINITIVE
                    and not any(map(_is_past, lowered[:i]))
                ):
                    return "future"  # "Roe to meet Doe on Tuesday"
            if word == "to" and i == count - 1:
                return None  # "moved to Monday"
            if _tells_past(words, lowered, i):
                if any(lo < found[i].start() < hi for lo, hi in asides):
                    continue
                if previous in ("be", "get", "being") or (word not in _SAYING and "be" in lowered[max(0, i - 3) : i]):
                    continue
                if word in _AUXILIARIES and (following in _FUTURE or following in _FUTURE_WITH_TO):
                    continue
                # "said in a televised interview in July" is one phrase, however long.
                is_near = count - i <= 4 or (following in ("in", "at", "during") and "that" not in lowered[i + 1 :])
                if word in _SAYING and not is_near and not _AFTER_QUOTED.search(clause):
                    continue
                # What has been agreed may last "through June 8".
                return None if lowered[-1] == "through" else "past"
        return self.tense_ahead(position) if count <= 3 else None

    def tense_of_phrase(self, clause: str, position: int) -> str | None:
        """The tense that a fixed phrase around an expression gives it, whatever the verbs further off say."""
        words = clause.lower().split()[-2:]
        if words and words[-1] == "since":
            return "past"
        happened = _HAPPENED_THEN.match(self.text, position, self.hi)
        is_named = happened is not None and (words[-1:] == ["the"] or _POSSESSIVE.search(happened.group()) is not None)
        if is_named and _LOOKING_AHEAD.isdisjoint(words):
            return "past"  # "will appeal Tuesday's ruling"
        if self.is_agent(clause, position):
            return "past"
        for phrase in _ON_THE_CALENDAR.finditer(clause):
            between = _WORD.findall(clause[phrase.end() :].lower())
            in_front = _WORD.findall(clause[: phrase.start()].lower())[-1:]
            if len(between) <= 6 and in_front and _NO_TIMETABLE.isdisjoint(in_front) and not any(map(_is_past, between)):
                return "future"
        return None

    def is_agent(self, clause: str, position: int) -> bool:
        """Whether "by" in front of an expression names what did it, and no day to be done by: "hit by Monday's storm"."""
        return _STRUCK_BY.search(clause) is not None and _AGENT.match(self.text, position, self.hi) is not None

    @staticmethod
    def had_by_then(words: list[str]) -> bool:
        """Whether the words in front of "by" say what had happened: "had died", "were cleared", and not "was expected"."""
        if not words or words[-1] in _FUTURE | _FUTURE_WITH_TO | _WANTED or "to" in words[-3:]:
            return False  # "had to leave by Monday"
        return "had" in words[-3:-1] or (_is_past(words[-1]) and not _HAD.isdisjoint(words[-3:-1]))

    def came_to_nothing(self, words: list[str], i: int, position: int) -> bool:
        """Whether the plan that the word at ``i`` names was given up: "had planned to", "was due to open but was delayed"."""
        lead = words[max(0, i - 3) : i]
        if lead[-1:] == ["been"]:
            return "had" in lead
        if words[i] in _GIVEN_UP and "had" in lead[-2:]:
            # A weekday lies so near that the plan may still hold.
            return _AT_WEEKDAY.match(self.text, position, self.hi) is None
        return not _HAD.isdisjoint(lead[-2:]) and _DROPPED.match(self.text, position, self.hi) is not None

    def tense_ahead(self, position: int) -> str | None:
        """The tense of the first verb behind an expression that opens its sentence: "In May, the two had met"."""
        piece = self.text[position : min(self.hi, position + 110)]
        boundary = _SENTENCE_END.search(piece)
        if _POSSESSIVE.match(piece):
            return None  # "Friday's order will"
        phrase = _ON_THE_CALENDAR.search(piece, 0, boundary.start() if boundary else len(piece))
        if phrase is not None:
            in_front = _WORD.findall(piece[: phrase.start()].lower())
            if len(in_front) <= 7 and _NO_TIMETABLE.isdisjoint(in_front[-1:]) and not any(map(_is_past, in_front)):
                return "future"  # "On Sunday, voters go to the polls"
        for k, word in enumerate(_WORD.findall(piece[: boundary.start()] if boundary else piece)[1:]):
            low = word.lower()
            if low in _FUTURE and word != "May":
                # Further off there may be a verb between that the lists do not know.
                return "future" if k < 7 else None
            if _is_past(low):
                return "past"
        return None

    # -- resolving -----------------------------------------------------------------------------------------------------

    def relative(self, found: re.Match[str], kind: str, resolve: Callable[[date], _Days | None]) -> _Found | None:
        """Resolve against the day of publication, and for an inherited one against the day before too."""
        if self.today is None:
            return None
        days = resolve(self.today)
        if days is None:
            return None
        lower, upper, precision = days
        if self.is_inherited:
            other = resolve(self.today - _DAY)
            if other is not None and other[:2] != days[:2]:
                if not (other[1] >= lower and other[0] <= upper):
                    precision = "period"  # a week apart: one or the other, and nothing can contradict it
                lower, upper = min(lower, other[0]), max(upper, other[1])
        return _Found(found.start(), found.end(), kind, _at(lower), _at(upper), precision)

    def absolute(self, found: re.Match[str], lower: date, upper: date, precision: str) -> _Found:
        return _Found(found.start(), found.end(), "date", _at(lower), _at(upper), precision, has_year=True)

    def nearest(self, month: int, day: int, weekday: int | None, position: int) -> date | None:
        """The date of a month and day that lies nearest to publication, unless its weekday or the tense speaks against it."""
        if self.today is None:
            return None
        choices = []
        for year in range(self.today.year - 4, self.today.year + 5):
            try:
                choices.append(date(year, month, day))
            except ValueError:
                continue
        today = self.today
        choices.sort(key=lambda d: (abs(d - today), d))
        if weekday is not None:
            fitting = [d for d in choices if d.weekday() == weekday and abs(d - today).days < 400]
            if fitting:
                return fitting[0]
        if not choices:
            return None
        best = choices[0]
        # The tense overrules only what the calendar makes unlikely: a "said" in front may govern something else.
        if best < today - 14 * _DAY and self.tense(position) == "future":
            return next((d for d in choices if d >= today), best)
        if best > today + 7 * _DAY and self.tense(position) == "past":
            return next((d for d in choices if d <= today), best)
        return best

    def read(self, name: str, match: re.Match[str]) -> _Found | None:
        """The meaning of one match of the pattern ``name``; None where it is no time, or none that can be resolved."""
        try:
            reader: Callable[[re.Match[str]], _Found | None] = getattr(self, f"_{name}")
            return reader(match)
        except (ValueError, OverflowError, LookupError):
            # No such day, beyond the calendar, or a letter that only the regular expression takes for its ASCII twin (ſ, ı).
            return None

    def _iso(self, m: re.Match[str]) -> _Found | None:
        day = date(int(m["iy"]), int(m["im"]), int(m["id"]))
        return self.absolute(m, day, day + _DAY, "day")

    def _numeric(self, m: re.Match[str]) -> _Found | None:
        a, b, year = int(m["na"]), int(m["nb"]), int(m["ny"])
        if m["ns"] == "." or a > 12:
            day = date(year, b, a)
        elif b > 12 or a == b:
            day = date(year, a, b)
        else:
            return None  # 02/03/2022 is two days, by country
        return self.absolute(m, day, day + _DAY, "day")

    def _calendar(self, m: re.Match[str], key: str) -> _Found | None:
        """A day of a month, or a stretch of days; ``key`` is the first letter of the pattern's groups."""
        month_name, first, last, year, weekday = (m[key + part] for part in "mdeyw")
        end = m.end()
        if key == "m" and m["ma"]:
            # "March 3 and 4" is a stretch; "March 12 and 4" is none, and only its first part is read.
            if int(re.sub(r"\D", "", m["ma"])) > int(re.sub(r"\D", "", first)):
                last = m["ma"]
            else:
                year, end = None, m.end("md")
        month = _MONTH_NUMBERS[month_name.lower().rstrip(".")]
        number = int(re.sub(r"\D", "", first))
        end_number = int(re.sub(r"\D", "", last)) if last else number
        week = _WEEKDAY_NUMBERS[weekday.lower().rstrip(".")] if weekday else None
        told = None if year else _TOLD_YEAR.match(self.text, m.end(), self.hi)
        if told is not None and self.today is not None and not last:
            # "24 February last year"
            step = {"last": -1, "this": 0, "next": 1}[told[1].lower()]
            lower = date(self.today.year + step, month, number)
            return _Found(m.start(), told.end(), "date", _at(lower), _at(lower + _DAY), "day", has_year=True)
        if year:
            lower = date(int(year), month, number)
        else:
            nearest = self.nearest(month, number, week, m.start())
            if nearest is None:
                return None
            lower = nearest
        if end_number < number:
            return None
        upper = date(lower.year, month, end_number) + _DAY
        of_week = None if last else _WEEK_OF.search(self.text[max(self.lo, m.start() - 24) : m.start()])
        if of_week is not None:
            # The week that begins or ends with the day, as the word between says.
            lower = upper - 7 * _DAY if of_week[1].lower() in ("ended", "ending") else lower
            return _Found(m.start(), end, "date", _at(lower), _at(lower + 7 * _DAY), "week", has_year=bool(year))
        return _Found(m.start(), end, "date", _at(lower), _at(upper), "period" if last else "day", has_year=bool(year))

    def _mdy(self, m: re.Match[str]) -> _Found | None:
        if m["mm"] in ("Sun", "Sat"):
            return None
        if not m["my"] and _COUNT_AFTER.match(self.text, m.end(), self.hi):
            return None
        return self._calendar(m, "m")

    def _dmy(self, m: re.Match[str]) -> _Found | None:
        if m.start() > 0 and (self.text[m.start() - 1] in "-–.,:/$€£" and self.text[m.start() - 2 : m.start() - 1].isdigit()):
            return None
        return self._calendar(m, "d")

    def _month_year(self, m: re.Match[str]) -> _Found | None:
        lower, upper = _month_days(int(m["yy"]), _MONTH_NUMBERS[m["ym"].lower().rstrip(".")])
        lower, upper = _part(lower, upper, m["yp"])
        return self.absolute(m, lower, upper, "month")

    def _month(self, m: re.Match[str]) -> _Found | None:
        name = m["om"].lower().rstrip(".")
        lead = _norm(m["op"])
        if not lead:
            before = self.text[max(self.lo, m.start() - 24) : m.start()]
            if name == "may":
                if not _BEFORE_MAY.search(before) or m["om"].isupper():
                    return None
                if before.lower().endswith("by ") and _AFTER_NO_MONTH.match(self.text, m.end(), self.hi):
                    return None
            elif (
                name in _AMBIGUOUS_MONTHS
                and (not _BEFORE_MONTH.search(before) or _AFTER_NO_MONTH.match(self.text, m.end(), self.hi))
            ) or ("." not in m["om"] and len(name) < 4 and name not in ("may",)):
                return None
            elif _NAME_BEFORE.search(before) and not _BEFORE_MONTH.search(before):
                return None  # Black September
        month = _MONTH_NUMBERS[name]
        tense = None if lead.endswith(("last", "next")) else self.tense(m.start())

        def resolve(today: date) -> _Days:
            here = [_month_days(y, month) for y in (today.year - 1, today.year, today.year + 1)]
            if m["oy"]:
                chosen = here[{"last": 0, "this": 1, "next": 2}[m["oy"].lower().split()[0]]]
            elif lead.endswith("last"):
                chosen = max(span for span in here if span[1] <= today)
            elif lead == "next":
                chosen = min(span for span in here if span[0] > today)
            elif tense == "future":
                chosen = min(span for span in here if span[1] > today)
            else:
                chosen = min(here, key=lambda span: (_distance(today, span), span[0]))
                if tense == "past" and chosen[0] > today:
                    chosen = max(span for span in here if span[0] <= today)
            lower, upper = _part(*chosen, lead.split(" ")[0] if lead else None)
            return lower, upper, "month"

        return self.relative(m, "month", resolve)

    def _quarter(self, m: re.Match[str]) -> _Found | None:
        words = _norm(m["qq"]).removeprefix("the ").replace("-", " ")
        year_words = _norm(m["qy"])
        if words.startswith("q"):
            number, size = int(words[1]), 3
        else:
            ordinal, unit = words.split()
            number, size = _ORDINALS[ordinal], 3 if unit == "quarter" else 6
            if unit == "half" and (number > 2 or not year_words):
                return None
            if unit == "quarter" and (ordinal == "last" and not year_words):
                return None
        if year_words.isdigit():
            lower = date(int(year_words), (number - 1) * size + 1, 1)
            return self.absolute(m, lower, _add_months(lower, size), "period")
        leads = _BEFORE_QUARTER.search(self.before(m.start(), 20)) or m["qq"].lower().startswith("the")
        if not m["qy"] and not leads:
            return None
        if not m["qy"] and re.match(r"\sof\s(?!the\syear)", self.text[m.end() : m.end() + 12]):
            return None  # the third quarter of the match
        is_told = year_words or re.match(r"\sof\sthe\syear\b", self.text[m.end() : m.end() + 13])
        tense = self.tense(m.start()) if self.is_quarter_of_what_is_told(m) and not is_told else None

        def resolve(today: date) -> _Days:
            year = today.year + {"last year": -1, "next year": 1}.get(year_words, 0)
            if tense == "future":
                lower = next(s for y in (year, year + 1) if _add_months(s := date(y, (number - 1) * size + 1, 1), size) > today)
                return lower, _add_months(lower, size), "period"
            spans = [date(y, (number - 1) * size + 1, 1) for y in ((year,) if is_told else (year - 1, year))]
            begun = [s for s in spans if s <= today] or spans
            lower = max(begun)
            return lower, _add_months(lower, size), "period"

        return self.relative(m, "quarter", resolve)

    def is_quarter_of_what_is_told(self, m: re.Match[str]) -> bool:
        """Whether something is said to be in the quarter; figures of one that is over are still to be reported."""
        clause = self.before(m.start())
        if _IN_QUARTER.search(clause) is None or _REPORTING.search(clause) is not None:
            return False
        return _QUARTER_FIGURES.match(self.text, m.end(), self.hi) is None

    def _season(self, m: re.Match[str]) -> _Found | None:
        name, lead, year_words = m["sn"].lower(), _norm(m["sp"]), _norm(m["sy"])
        if not year_words and (not lead or lead in ("early", "late")):
            return None  # "spring a surprise", "fall"
        if lead == "in the" and not year_words and name == "fall":
            return None
        first = _SEASON_STARTS[name]
        if year_words.isdigit():
            lower = date(int(year_words), first, 1)
            return self.absolute(m, lower, _add_months(lower, 3), "season")
        if lead == "this" and m["sn"] == "fall" and re.match(r"\s(?:from|in|of)\b", self.text[m.end() : m.end() + 6]):
            return None  # "this fall in prices"
        tense = self.tense(m.start()) if lead == "in the" else None

        def resolve(today: date) -> _Days:
            starts = [date(y, first, 1) for y in range(today.year - 2, today.year + 2)]
            if year_words:
                lower = date(today.year + {"last year": -1, "next year": 1}.get(year_words, 0), first, 1)
            elif lead == "next":
                lower = min(s for s in starts if s > today)
            elif lead in ("last", "this past"):
                lower = max(s for s in starts if _add_months(s, 3) <= today)
            elif lead == "this" and name != "winter":
                # A winter lies in two years; any other season is that of the year, however near last year's may be.
                lower = date(today.year, first, 1)
            else:
                lower = min(starts, key=lambda s: (_distance(today, (s, _add_months(s, 3))), s))
                if tense == "future":
                    lower = min(s for s in starts if _add_months(s, 3) > today)
                elif lower > today and tense == "past":
                    lower = max(s for s in starts if s <= today)
            return lower, _add_months(lower, 3), "season"

        return self.relative(m, "season", resolve)

    def _decade(self, m: re.Match[str]) -> _Found | None:
        first = int(m["ee"])
        years = {"early": (0, 4), "mid": (3, 7), "late": (6, 10)}.get(_norm(m["ep"]), (0, 10))
        if first % 100 == 0 and first < 2000:
            years = (0, 100)
        return self.absolute(m, date(first + years[0], 1, 1), date(first + years[1], 1, 1), "period")

    def _years(self, m: re.Match[str]) -> _Found | None:
        first = int(m["ra"])
        last = int(m["rb"]) if len(m["rb"]) == 4 else first // 100 * 100 + int(m["rb"])
        if last <= first or last - first > 400:
            return None
        return self.absolute(m, date(first, 1, 1), date(last + 1, 1, 1), "period")

    def _year(self, m: re.Match[str]) -> _Found | None:
        year, lead = int(m["vv"]), m["vp"]
        if not 1500 <= year < 2100 or _NO_YEAR_AFTER.match(self.text, m.end(), self.hi):
            return None
        before = self.text[max(self.lo, m.start() - 28) : m.start()]
        before = before[before.rfind("\n") + 1 :]
        if not lead:
            if year < 1900 and not _YEAR_NEEDS.search(before):
                return None
            if _NO_YEAR_BEFORE.search(before):
                return None
            capital = _CAPITAL_BEFORE.search(before)
            if capital is not None:
                word = capital.group().strip()
                name = word.lower().rstrip(".,")
                if word not in _OPEN_CAPITALS and name not in _MONTH_NUMBERS and name not in _WEEKDAY_NUMBERS:
                    return None  # "Union Drill 2022", "Tokyo 2020": names that carry a year
            elif before and not _YEAR_BEFORE.search(before):
                return None
        lower, upper = _part(date(year, 1, 1), date(year + 1, 1, 1), lead)
        return self.absolute(m, lower, upper, "year")

    def _weekday(self, m: re.Match[str]) -> _Found | None:
        before = self.text[max(self.lo, m.start("ww") - 24) : m.start("ww")]
        if _NAMED_WEEKDAY.search(before) or (not m["wn"] and _NAMED_AFTER_WEEKDAY.match(self.text, m.end(), self.hi)):
            return None
        if m["wn"] and m["wn"].strip() in ("Night",) and _NAMED_AFTER_WEEKDAY.match(self.text, m.end("ww"), self.hi):
            return None
        if m["wp"] and _DATE_BEHIND.match(self.text, m.end(), self.hi):
            return None  # "this Thursday, Sept. 12, 2019": the date says which
        number = _WEEKDAY_NUMBERS[m["ww"].lower().rstrip(".")]
        lead = _norm(m["wp"]).removesuffix(" on")
        week = _norm(m["wk"])
        tense = self.tense(m.start())

        def resolve(today: date) -> _Days:
            back = (today.weekday() - number) % 7
            on_or_before = today - back * _DAY
            if week:
                monday = today - today.weekday() * _DAY + {"last": -7, "next": 7}.get(week.split()[0], 0) * _DAY
                day = monday + number * _DAY
            elif lead in ("last", "this past", "this last"):
                day = on_or_before - (7 * _DAY if back == 0 else 0 * _DAY)
            elif lead == "next":
                day = today + (7 - today.weekday() + number) * _DAY
            elif lead == "this coming" or (tense == "future" and lead != "this past"):
                day = on_or_before if back == 0 else on_or_before + 7 * _DAY
            elif lead == "this" and tense is None and back > 3:
                day = on_or_before + 7 * _DAY
            else:
                day = on_or_before
            return day, day + _DAY, "day"

        return self.relative(m, "weekday", resolve)

    def _day(self, m: re.Match[str]) -> _Found | None:
        words = _norm(m["rd"])
        if m["rd"].startswith("This M"):
            return None  # a broadcast
        if words == "today" and self.text[max(0, m.start() - 4) : m.start()] == "USA ":
            return None
        if words == "the day before yesterday":
            first, last = -2, -1
        elif words == "the day after tomorrow":
            first, last = 2, 3
        elif "yesterday" in words or words == "last night":
            first, last = -1, 0
        elif "tomorrow" in words:
            first, last = 1, 2
        elif words == "overnight":
            first, last = -1, 1
        else:
            first, last = 0, 1
        precision = "period" if last - first > 1 else "day"
        return self.relative(m, "day", lambda today: (today + first * _DAY, today + last * _DAY, precision))

    def _ago(self, m: re.Match[str]) -> _Found | None:
        unit = m["au"].lower().rstrip("s")
        words = _norm(m["an"]).replace("a couple of", "couple").replace("a couple", "couple").removeprefix("just ")
        qualifier = _norm(m["aq"])
        fuzzy = words in ("several", "a few")
        count = 0 if fuzzy else int(words) if words.isdigit() else _NUMBER_WORDS.get(words, 0)
        if unit == "hour":
            return self._hours_ago(m, count) if count and not qualifier else None
        if unit not in _LENGTH_DAYS or (not fuzzy and not count):
            return None
        size = _LENGTH_DAYS[unit]

        def resolve(today: date) -> _Days:
            if fuzzy:
                return today - int(size * 9) * _DAY, today - int(size * 2) * _DAY + _DAY, "period"
            slack = 0 if unit == "day" else int(size / 2)
            precision = {"day": "day", "week": "week", "month": "month", "year": "year"}.get(unit, "period")
            middle = today - round(size * count) * _DAY
            lower, upper = middle - slack * _DAY, middle + (slack + 1) * _DAY
            if qualifier in ("more than", "over", "at least"):
                lower, precision = lower - int(size * max(1, count // 2)) * _DAY, "period"
            elif qualifier in ("less than", "nearly", "almost"):
                upper, precision = min(today + _DAY, upper + int(size * max(1, count // 4)) * _DAY), "period"
            elif words == "couple" and unit == "day":
                lower, precision = lower - _DAY, "period"
            return lower, min(upper, today + _DAY), precision

        return self.relative(m, "ago", resolve)

    def _hence(self, m: re.Match[str]) -> _Found | None:
        words, unit = _norm(m["hn"] or m["fn"]), (m["hu"] or m["fu"]).lower().rstrip("s")
        words = words.replace("a couple of", "couple").replace("a couple", "couple")
        count = int(words) if words.isdigit() else _NUMBER_WORDS.get(words, 0)
        if not count:
            return None
        if m["hi"] and not m["ht"]:
            clause = self.before(m.start(), 80)
            if _AMONG.search(clause) or _NOT_SINCE.search(clause) or _HENCE_OF.match(self.text, m.end(), self.hi):
                return None
            if self.tense(m.start()) != "future" and not _IS_DUE.search(clause):
                return None
        size = _LENGTH_DAYS[unit]
        slack = 0 if unit == "day" else int(size / 2)

        def resolve(today: date) -> _Days:
            middle = today + round(size * count) * _DAY
            return middle - slack * _DAY, middle + (slack + 1) * _DAY, unit

        return self.relative(m, "hence", resolve)

    def _anchored(self, m: re.Match[str]) -> _Found | None:
        if m["bw"]:
            unit = m["bu"].lower()
            count = -1 if m["bw"].lower() == "previous" else 1
            if count < 0 and unit in ("week", "month", "year") and not re.match(r"[.,;)]", self.text[m.end() : m.end() + 1]):
                return None  # "the previous year's budget" counts from another
            if re.match(r"(?:\s(?:of|to|in|when|that|generation)\b|['’-])", self.text[m.end() : m.end() + 12]):
                return None
        elif m["cw2"]:
            unit, count = m["cu2"].lower(), -1 if m["cw2"].lower() == "before" else 1
        else:
            words = _norm(m["dn"]).replace("a couple of", "couple").replace("a couple", "couple")
            count = int(words) if words.isdigit() else _NUMBER_WORDS.get(words, 0)
            unit = m["du"].lower().rstrip("s")
            if not 0 < count < 200:
                return None
            if (m["dl"] or m["da"]).lower() in ("earlier", "before"):
                count = -count
        unit = unit if unit in ("week", "month", "year") else "day"
        epoch = datetime(2000, 1, 1, tzinfo=UTC)
        return _Found(m.start(), m.end(), "anchored", epoch, epoch, "day", shift=(count, unit))

    def _hours_ago(self, m: re.Match[str], count: int) -> _Found | None:
        if not self.exact or self.published is None:
            return None
        middle = self.published - timedelta(hours=count)
        half = timedelta(minutes=30)
        return _Found(m.start(), m.end(), "ago", middle - half, middle + half, "hour")

    def _rolling(self, m: re.Match[str]) -> _Found | None:
        which, unit = m["gw"].lower(), m["gu"].lower().rstrip("s")
        words = _norm(m["gn"])
        if which == "previous" or (
            not words
            and which in ("last", "next")
            and not (m["gi"] and not m["gu"].lower().endswith("s") and not re.match(r"\sof\b", self.text[m.end() : m.end() + 4]))
        ):
            return None  # "the last days of the war", "the next day"; but "in the last week"
        is_long = not m["gi"] or unit in ("year", "decade")
        if which in ("next", "coming") and is_long and self.tense(m.start()) == "past":
            return None  # "spent the next eight years saying sorry"
        few = words in ("several", "few") or (not words and m["gu"].lower().endswith("s"))
        words = words.replace("a couple of", "couple").replace("a couple", "couple")
        count = 9 if few else int(words) if words.isdigit() else _NUMBER_WORDS.get(words, 1)
        size = _LENGTH_DAYS.get(unit, 1 / 24)
        days = max(1, round(size * count))

        def resolve(today: date) -> _Days:
            if which in ("past", "last"):
                return today - days * _DAY, today + _DAY, "period"
            return today, today + (days + 1) * _DAY, "period"

        return self.relative(m, "rolling", resolve)

    def _recent(self, m: re.Match[str]) -> _Found | None:
        days = {"days": 10, "weeks": 60, "months": 365}[m["cu"].lower()]
        if m["cw"].lower() == "recent":
            return self.relative(m, "rolling", lambda today: (today - days * _DAY, today + _DAY, "period"))
        return self.relative(m, "rolling", lambda today: (today, today + (days + 1) * _DAY, "period"))

    def _unit(self, m: re.Match[str]) -> _Found | None:
        lead, which, unit = _norm(m["up"]), m["uw"].lower(), m["uu"].lower()
        step = {"last": -1, "this": 0, "next": 1}[which]
        tense = self.tense(m.start()) if unit == "weekend" and which == "this" else None

        def resolve(today: date) -> _Days:
            if unit == "week":
                lower = _sunday_before(today) + 7 * step * _DAY
                upper, precision = lower + 8 * _DAY, "week"
            elif unit == "weekend":
                saturday = today - today.weekday() * _DAY + 5 * _DAY
                in_weekend = today.weekday() >= 5
                if which == "last" or (which == "this" and tense == "past" and not in_weekend):
                    saturday -= 7 * _DAY
                elif which == "next":
                    saturday += 7 * _DAY
                lower, upper, precision = saturday, saturday + 2 * _DAY, "period"
            elif unit == "month":
                lower = _add_months(today, step)
                upper, precision = _add_months(lower, 1), "month"
            elif unit == "quarter":
                lower = _add_months(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * step)
                upper, precision = _add_months(lower, 3), "period"
            else:
                size = {"year": 1, "decade": 10, "century": 100}[unit]
                first = today.year // size * size + step * size
                lower, upper = date(first, 1, 1), date(first + size, 1, 1)
                precision = "year" if unit == "year" else "period"
            if step == 0 and lead == "earlier" and lower < today:
                upper, precision = min(upper, today + _DAY), "period"
            elif step == 0 and lead == "later" and today < upper:
                lower, precision = max(lower, today), "period"
            elif lead in ("early", "late"):
                lower, upper = _part(lower, upper, lead)
            return lower, upper, precision

        return self.relative(m, "unit", resolve)

    def _weekend(self, m: re.Match[str]) -> _Found | None:
        tense = self.tense(m.start())

        def resolve(today: date) -> _Days:
            saturday = today - ((today.weekday() - 5) % 7) * _DAY
            if tense == "future" and today.weekday() < 5:
                saturday += 7 * _DAY
            return saturday, saturday + 2 * _DAY, "period"

        return self.relative(m, "unit", resolve)

    def _nth(self, m: re.Match[str]) -> _Found | None:
        number = int(m["tn"][:-2])
        if re.match(r"\s(?:[A-Z]|[a-z]+(?:\s[a-z]+)?\s(?:of|in)\b|of\b)", self.text[m.end() : m.end() + 24]):
            return None

        def resolve(today: date) -> _Days:
            choices = []
            for step in (-1, 0, 1):
                month = _add_months(today, step)
                try:
                    choices.append(month.replace(day=number))
                except ValueError:
                    continue
            day = min(choices, key=lambda d: (abs(d - today), d))
            return day, day + _DAY, "day"

        found = self.relative(m, "nth", resolve)
        # "on" is no part of the name; "since" and "until" are looked at later.
        return replace(found, start=m.start("tn") - 4) if found is not None else None

    def _feast(self, m: re.Match[str]) -> _Found | None:
        words = " ".join(m["ff"].lower().replace("'", "’").split())
        for name, month, day in _FEASTS:
            if words.startswith(name):
                year = re.match(rf",?\s({_YEAR})", self.text[m.end() : m.end() + 8])
                if year is not None:
                    chosen = date(int(year[1]), month, day)
                    found = self.absolute(m, chosen, chosen + _DAY, "day")
                    return replace(found, end=m.end() + year.end())
                nearest = self.nearest(month, day, None, m.start())
                if nearest is None:
                    return None
                return _Found(m.start(), m.end(), "date", _at(nearest), _at(nearest + _DAY), "day")
        return None

    def _attacks(self, m: re.Match[str]) -> _Found | None:
        weekday = _WEEKDAY_BEFORE.search(self.text, max(0, m.start() - 12), m.start()) if m["tt"] == "9/11" else None
        if weekday is not None and self.today is not None:
            day = date(self.today.year, 9, 11)
            if day.strftime("%a") == weekday[1]:
                return self.absolute(m, day, day + _DAY, "day")  # "Update, Wed 9/11"
        return self.absolute(m, date(2001, 9, 11), date(2001, 9, 12), "day")

    def _clock(self, m: re.Match[str]) -> _Found | None:
        qualifier = _norm(m["kq"])
        half = (m["ka"] or m["kx"] or "").lower()[:1]
        later: int | None = None
        if m["kw"]:
            minute, size = (0 if m["kw"].lower() == "midnight" else 12 * 60), 60
        elif m["k4"]:
            minute, size = int(m["k4"][:2]) * 60 + int(m["k4"][2:]), 1
        else:
            hour = int(m["kh"])
            has_minutes, has_zone = m["km"] is not None, bool(m["kz"])
            if not half and not (has_minutes and self.text[m.start("km") - 1] == ":"):
                return None
            if (
                not half
                and not has_zone
                and not _CLOCK_LEAD.search(self.text[max(self.lo, m.start() - 14) : m.start()])
                and not qualifier
            ):
                return None
            if hour > 24 or (half and not 1 <= hour <= 12):
                return None
            first_half = (m["kx"] or m["ka"] or "").lower()[:1]
            minute = _minute_of(hour, m["km"], first_half)
            size = 1 if has_minutes else 60
            if m["kH"]:
                later = _minute_of(int(m["kH"]), m["kM"], half)
                if later <= minute and half == "p" and not m["kx"]:
                    minute -= 12 * 60  # 11 to 1 p.m.
                if not half and not has_minutes:
                    return None
        if not 0 <= minute <= 24 * 60:
            return None
        if later is not None:
            if later <= minute:
                return None
            span = (minute, later)
        elif qualifier in ("around", "about", "approximately", "roughly", "circa"):
            span = (minute - 15, minute + 15)  # contradictions.md: around covers a quarter of an hour
        elif qualifier in ("shortly after", "just after", "after"):
            span = (minute, minute + (60 if qualifier == "after" else 30))
        elif qualifier in ("shortly before", "just before", "before", "nearly", "almost"):
            span = (minute - (60 if qualifier == "before" else 30), minute + 1)
        else:
            span = (minute, minute + size)
        precision = "period" if later is not None else "minute" if size == 1 else "hour"
        epoch = datetime(2000, 1, 1, tzinfo=UTC)
        return _Found(
            m.start(),
            m.end(),
            "clock",
            epoch,
            epoch,
            precision,
            minutes=span,
            zone=" ".join(m["kz"].lower().strip(" ()").split()) or None,
        )


def _minute_of(hour: int, minutes: str | None, half: str) -> int:
    """Minutes since midnight; ``half``: a, p, or empty for a clock of 24 hours."""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(minutes or 0)


def _distance(today: date, span: tuple[date, date]) -> int:
    """Days between a day and a half-open span of days; 0 within."""
    if today < span[0]:
        return (span[0] - today).days
    return max(0, (today - span[1]).days + 1)


def _part(lower: date, upper: date, part: str | None) -> tuple[date, date]:
    """The early, middle or late part of a span: nearly a half, as nobody draws the line at a third."""
    days = (upper - lower).days
    word = (part or "").lower()
    if word == "early":
        return lower, lower + (days // 2) * _DAY
    if word == "late":
        return lower + (days // 2) * _DAY, upper
    if word == "mid":
        return lower + (days // 4) * _DAY, upper - (days // 4) * _DAY
    return lower, upper


def _zone_offset(zone: str | None, day: datetime) -> timedelta:
    if zone is None:
        return timedelta()
    zone = zone if zone in _ZONE_HOURS else zone.removesuffix(" time")
    if zone in _ZONE_SEASONAL:
        # The clocks change at night: noon tells which time the day has.
        return ZoneInfo(_ZONE_SEASONAL[zone]).utcoffset(day.replace(hour=12, tzinfo=None)) or timedelta()
    return timedelta(hours=_ZONE_HOURS.get(zone, 0))


def _shifted(anchor: _Found, count: int, unit: str) -> tuple[datetime, datetime, str] | None:
    """The days, and their precision, that lie so many units from an anchor; None where it is no place to count from."""
    day = anchor.lower.date()
    try:
        if unit == "day":
            if anchor.precision not in ("day", "hour", "minute"):
                return None
            return _at(day + count * _DAY), _at(day + (count + 1) * _DAY), "day"
        if unit == "week":
            if anchor.precision not in ("day", "hour", "minute"):
                return None
            middle = day + 7 * count * _DAY
            return _at(middle - 3 * _DAY), _at(middle + 4 * _DAY), "week"
        if anchor.kind not in ("date", "month") or anchor.precision not in ("day", "month", "year"):
            return None  # from "on Monday" nobody counts years
        if unit == "month":
            if anchor.precision == "year":
                return None
            lower, upper = _month_days(*_month_after(day, count))
            return _at(lower), _at(upper), "month"
        return _at(date(day.year + count, 1, 1)), _at(date(day.year + count + 1, 1, 1)), "year"
    except (ValueError, OverflowError):
        return None


def _month_after(day: date, months: int) -> tuple[int, int]:
    """Year and month that lie so many months from a day."""
    moved = _add_months(day, months)
    return moved.year, moved.month


#: How far in front of its line's context an anchor is looked for, in characters.
_ANCHOR_BEFORE: Final = 400


def _resolve_anchored(resolver: _Resolver, found: list[_Found]) -> list[_Found]:
    """Put "the next day" and "two years later" on the calendar, by the last expression in front that they can count from."""
    if not any(item.shift for item in found):
        return found
    out: list[_Found] = []
    earlier: list[_Found] | None = None
    for item in found:
        if item.shift is None:
            out.append(item)
            continue
        count, unit = item.shift
        resolved = next((r for a in reversed(out) if (r := _shifted(a, count, unit)) is not None), None)
        if resolved is None:
            if earlier is None:
                lo = max(0, resolver.lo - _ANCHOR_BEFORE)
                before = resolver.elsewhere(lo, resolver.lo)
                earlier = [f for f in _attach_clocks(before, _scan(before, lo, resolver.lo)) if f.shift is None]
            resolved = next((r for a in reversed(earlier) if (r := _shifted(a, count, unit)) is not None), None)
        if resolved is not None:
            lower, upper, precision = resolved
            ahead = resolver.today is not None and lower > _at(resolver.today)
            if ahead and resolver.tense(item.start) != "future":
                continue  # what has happened counts from another day
            out.append(replace(item, lower=lower, upper=upper, precision=precision, shift=None))
    return out


def _on_day(clock: _Found, day: _Found) -> _Found:
    """A time of day on a day: the clock's span and precision, the day's date."""
    assert clock.minutes is not None
    offset = _zone_offset(clock.zone, day.lower)
    first, last = (timedelta(minutes=m) for m in clock.minutes)
    lower = day.lower + first - offset
    upper = max(day.upper - _DAY, day.lower) + last - offset
    return replace(clock, lower=lower, upper=upper, minutes=None)


def _scan(resolver: _Resolver, lo: int, hi: int) -> list[_Found]:
    """Everything that a pattern fits and the resolver understands, left to right, not overlapping."""
    found: list[_Found] = []
    text, position = resolver.text, lo
    # Words looked up one by one: a search for all triggers at once takes four times as long (measured).
    for trigger in _A_WORD.finditer(text, lo, hi):
        start = trigger.start()
        if start < position:
            continue
        word = trigger.group().lower()
        is_number = word[0].isdecimal()
        names = _AT_DIGIT if is_number else _TRIGGERS.get(word)
        if names is None:
            continue
        for name in names:
            match = _INNER[name].match(text, start, hi)
            if match is None or match.end() == start:
                continue
            expression = resolver.read(name, match)
            if expression is not None and expression.start >= start and expression.lower <= expression.upper:
                found.append(expression)
                position = max(position, expression.end)
                break
        else:
            if is_number:
                # The rest of a numeral is no beginning: one step a numeral, however long.
                position = trigger.end()
                while position < hi and (text[position].isalnum() or text[position] in ".,") and position - start < 10_000:
                    position += 1
    return found


def _join_ranges(resolver: _Resolver, found: list[_Found]) -> list[_Found]:
    """As in "from March 3 to April 5", "between Monday and Thursday", "1967 to 1979": two expressions become one period."""
    joined: list[_Found] = []
    text = resolver.text
    for item in found:
        last = joined[-1] if joined else None
        if (
            last is None
            or item.minutes is not None
            or last.minutes is not None
            or item.shift
            or last.shift
            or (last.precision == "period" and last.kind == "range")
        ):
            joined.append(item)
            continue
        gap = text[last.end : item.start] if item.start - last.end < 24 else "?"
        lead = _PREFIX.search(text[max(resolver.lo, last.start - 24) : last.start])
        word = lead["word"].lower() if lead is not None else ""
        is_range = bool(_RANGE_GAP.fullmatch(gap)) or (word == "between" and bool(_AND_GAP.fullmatch(gap)))
        if not is_range:
            joined.append(item)
            continue
        lower, upper = last.lower, item.upper
        if upper <= lower:
            if item.kind == "weekday":
                upper += 7 * _DAY
            elif not last.has_year:
                # "December 28 to January 3": the first part takes the second one's side of the year.
                try:
                    lower = lower.replace(year=lower.year - 1)
                except ValueError:
                    lower = lower - 365 * _DAY
        elif item.has_year and not last.has_year and last.kind in ("date", "month"):
            for year in (item.lower.year, item.lower.year - 1):
                try:
                    moved = lower.replace(year=year)
                except ValueError:
                    continue
                if moved < upper:
                    lower = moved
                    break
        if upper <= lower:
            joined.append(item)
            continue
        start = last.start
        if word in ("from", "between") and lead is not None:
            start -= lead.end() - lead.start("word")
        joined[-1] = _Found(start, item.end, "range", lower, upper, "period", has_year=last.has_year or item.has_year)
    return joined


def _attach_clocks(resolver: _Resolver, found: list[_Found]) -> list[_Found]:
    """Give times of day the day of their clause: beside it they become one expression, else they take the nearest one."""
    text = resolver.text
    days = [f for f in found if f.minutes is None and f.precision == "day" and f.shift is None]

    def joins(a: int, gap: re.Pattern[str], clock_first: bool) -> bool:
        """Whether the expressions a and a + 1 are a time of day and a day, in the order asked for, with only ``gap`` between."""
        if a + 1 >= len(found):
            return False
        first, second = found[a], found[a + 1]
        clock, day = (first, second) if clock_first else (second, first)
        if (
            clock.minutes is None
            or day.minutes is not None
            or day.precision != "day"
            or day.shift
            or second.start - first.end >= 24
        ):
            return False
        return gap.fullmatch(text, first.end, second.start) is not None

    def on_day(clock: _Found, day: _Found) -> _Found:
        """The time of day on its day; the midnight of a night ("midnight tonight") is the one that ends the day."""
        is_midnight = "midnight" in text[clock.start : clock.end].lower()
        if is_midnight and clock.minutes is not None and text[day.start : day.end].lower().endswith("night"):
            first, last = clock.minutes
            clock = replace(clock, minutes=(first + 24 * 60, last + 24 * 60))
        return _on_day(clock, day)

    out: list[_Found] = []
    index = 0
    while index < len(found):
        item = found[index]
        if joins(index, _CLOCK_GAP_BEFORE, clock_first=True):
            day = found[index + 1]
            out.append(replace(on_day(item, day), end=day.end))
            index += 2
        elif joins(index, _CLOCK_GAP_AFTER, clock_first=False) and not joins(index + 1, _CLOCK_GAP_BEFORE, clock_first=True):
            # "on Feb. 20, at noon today": there the time of day belongs to what follows it.
            out.append(replace(on_day(found[index + 1], item), start=item.start))
            index += 2
        else:
            index += 1
            if item.minutes is None:
                out.append(item)
                continue
            near = [d for d in days if abs(d.start - item.start) < 200 and not _sentence_between(resolver, item, d)]
            if near:
                out.append(on_day(item, min(near, key=lambda d: (abs(d.start - item.start), d.start))))
    return out


def _sentence_between(resolver: _Resolver, a: _Found, b: _Found) -> bool:
    lo, hi = (a.end, b.start) if a.start < b.start else (b.end, a.start)
    piece = resolver.text[max(0, lo - 4) : hi + 1]
    return any(not _ABBREVIATED.search(piece, 0, end.start()) for end in _SENTENCE_END.finditer(piece))


def _open_periods(resolver: _Resolver, found: list[_Found]) -> list[_Found]:
    """As in "since X", "until X", "by X": periods whose other end is the day of publication."""
    if resolver.today is None or resolver.published is None:
        return found
    out: list[_Found] = []
    first = _at(resolver.today - (_DAY if resolver.is_inherited else 0 * _DAY))
    last = _at(resolver.today + _DAY)
    for item in found:
        lead = _PREFIX.search(resolver.text[max(resolver.lo, item.start - 24) : item.start])
        if lead is None or item.kind == "range":
            out.append(item)
            continue
        word = lead["word"].lower()
        start = item.start - (lead.end() - lead.start("word"))
        if (out and start < out[-1].end) or (word == "by" and resolver.is_agent(resolver.before(item.start), item.start)):
            out.append(item)
        elif word == "since" and item.lower < last:
            out.append(replace(item, start=start, upper=max(last, item.upper), precision="period"))
        elif word in ("until", "till", "through", "by") and item.upper > first:
            out.append(replace(item, start=start, lower=min(first, item.lower), precision="period"))
        else:
            out.append(item)
    return out


#: How far around a claim its sentence is looked at, in characters: for the tense in front, and for the rest of a range.
_CONTEXT_BEFORE: Final = 140
_CONTEXT_AFTER: Final = 60


def find_times(
    text: str,
    published_at: datetime | None,
    published_precision: str,
    start: int = 0,
    end: int | None = None,
    *,
    published_on: date | None = None,
) -> list[TimeExpression]:
    """The dates and periods in ``text[start:end]``, in the order of the text, not overlapping; offsets are into ``text``.

    ``published_at`` (UTC; a naive one is taken as UTC) and ``published_precision`` (one of
    :data:`pipelines.tables.PUBLISHED_PRECISIONS`) resolve what is relative. Without them (None, or ``unknown``) only dates
    with a year are given. ``published_on`` is the day of publication on the publisher's own calendar, where it is known: what an
    American paper publishes in the evening is of the next day in UTC, and its "yesterday" is not. Words around ``start`` and
    ``end`` on the same line are looked at, never covered.

    Every interval is half-open and in UTC. ``precision`` is the size of what is named, ``period`` for stretches: ranges,
    "since", "until", "the past three days", "earlier this month". A time of day takes the date that its sentence gives,
    one expression with it where they stand together ("Monday at 5:30 p.m."), and is left out where there is none.
    """
    end = len(text) if end is None else min(end, len(text))
    start = max(start, 0)
    if start >= end:
        return []
    if _A_DIGIT.search(text, start, end) is None:
        low = text[start:end].lower()
        if not any(hint in low for hint in _HINTS):
            return []
    lo = max(0, start - _CONTEXT_BEFORE)
    lo = max(lo, text.rfind("\n", lo, start) + 1)
    while 0 < lo < start and text[lo - 1].isalnum():
        lo += 1  # never begin inside a word
    hi = min(len(text), end + _CONTEXT_AFTER)
    line_end = text.find("\n", end, hi)
    hi = hi if line_end < 0 else line_end
    while end < hi < len(text) and text[hi].isalnum() and text[hi - 1].isalnum():
        hi -= 1
    resolver = _Resolver(text, lo, hi, published_at, published_precision, published_on=published_on)
    found = _scan(resolver, lo, hi)
    found = _resolve_anchored(resolver, _attach_clocks(resolver, _join_ranges(resolver, found)))
    found = _open_periods(resolver, found)
    out: list[TimeExpression] = []
    for item in found:
        if item.end <= start or item.start >= end:
            continue
        first = item.start
        if first < start and item.precision == "period" and item.kind != "range" and text[start:end]:
            # The word that opens the period ("until") may stand in front of the claim.
            lead = _PREFIX_AT.match(text, first, item.end)
            first = max(first, start) if lead is not None and lead.end() <= start + 1 else first
        if first < start or item.end > end or item.lower >= item.upper or (out and first < out[-1].end):
            continue
        out.append(TimeExpression(first, item.end, item.lower, item.upper, item.precision))
    return out


#: Cities of datelines, as the IANA zone database names their time.
_CITY_ZONES: Final[dict[str, str]] = {
    city: zone
    for zone, cities in {
        "America/New_York": "WASHINGTON|NEW YORK|BOSTON|ATLANTA|MIAMI|PHILADELPHIA|DETROIT|CLEVELAND|COLUMBUS|CHARLOTTE|"
        "BALTIMORE|PITTSBURGH|RALEIGH|RICHMOND|ORLANDO|TAMPA|ALBANY|UNITED NATIONS|CAPITOL HILL",
        "America/Chicago": "CHICAGO|HOUSTON|DALLAS|AUSTIN|SAN ANTONIO|NEW ORLEANS|MINNEAPOLIS|ST. LOUIS|ST. PAUL|MILWAUKEE|"
        "MADISON|DES MOINES|KANSAS CITY|OMAHA|NASHVILLE|MEMPHIS|OKLAHOMA CITY|LITTLE ROCK|BIRMINGHAM, ALA|MONTGOMERY",
        "America/Denver": "DENVER|SALT LAKE CITY|ALBUQUERQUE|SANTA FE|EL PASO|BOISE",
        "America/Phoenix": "PHOENIX|TUCSON",
        "America/Los_Angeles": "LOS ANGELES|SAN FRANCISCO|SEATTLE|LAS VEGAS|SAN DIEGO|SACRAMENTO|OAKLAND|SAN JOSE|PORTLAND, ORE",
        "Pacific/Honolulu": "HONOLULU",
        "America/Anchorage": "ANCHORAGE|JUNEAU",
        "America/Toronto": "OTTAWA|TORONTO|MONTREAL",
        "America/Vancouver": "VANCOUVER",
        "America/Mexico_City": "MEXICO CITY",
        "America/Bogota": "BOGOTA|BOGOTÁ",
        "America/Lima": "LIMA",
        "America/Caracas": "CARACAS",
        "America/Sao_Paulo": "BRASILIA|BRASÍLIA|SAO PAULO|SÃO PAULO|RIO DE JANEIRO",
        "America/Argentina/Buenos_Aires": "BUENOS AIRES",
        "America/Santiago": "SANTIAGO",
        "Europe/London": "LONDON|EDINBURGH|BELFAST",
        "Europe/Dublin": "DUBLIN",
        "Europe/Paris": "PARIS|BRUSSELS|BERLIN|ROME|MADRID|GENEVA|VIENNA|AMSTERDAM|THE HAGUE|WARSAW|PRAGUE|BUDAPEST|STOCKHOLM|"
        "OSLO|COPENHAGEN|FRANKFURT|MUNICH|ZURICH|BARCELONA|MILAN|BELGRADE|VATICAN CITY|DAVOS",
        "Europe/Athens": "ATHENS|HELSINKI|BUCHAREST|SOFIA|VILNIUS|RIGA|TALLINN",
        "Europe/Kyiv": "KYIV|KIEV|KHARKIV|ODESA|LVIV",
        "Europe/Moscow": "MOSCOW|ST. PETERSBURG|MINSK",
        "Europe/Istanbul": "ISTANBUL|ANKARA",
        "Asia/Jerusalem": "JERUSALEM|TEL AVIV|GAZA|GAZA CITY|RAMALLAH",
        "Asia/Beirut": "BEIRUT",
        "Asia/Damascus": "DAMASCUS|AMMAN",
        "Africa/Cairo": "CAIRO",
        "Asia/Baghdad": "BAGHDAD|RIYADH|DOHA|SANAA|KUWAIT CITY",
        "Asia/Tehran": "TEHRAN",
        "Asia/Dubai": "DUBAI|ABU DHABI",
        "Asia/Kabul": "KABUL",
        "Asia/Karachi": "ISLAMABAD|KARACHI|LAHORE",
        "Asia/Kolkata": "NEW DELHI|MUMBAI|KOLKATA|CHENNAI|BENGALURU|COLOMBO",
        "Asia/Dhaka": "DHAKA",
        "Asia/Bangkok": "BANGKOK|HANOI|JAKARTA|PHNOM PENH",
        "Asia/Shanghai": "BEIJING|SHANGHAI|HONG KONG|TAIPEI|SINGAPORE|KUALA LUMPUR|MANILA",
        "Asia/Seoul": "SEOUL|PYONGYANG|TOKYO",
        "Australia/Sydney": "SYDNEY|CANBERRA|MELBOURNE",
        "Pacific/Auckland": "WELLINGTON|AUCKLAND",
        "Africa/Lagos": "LAGOS|ABUJA|KINSHASA",
        "Africa/Nairobi": "NAIROBI|ADDIS ABABA|MOGADISHU|KAMPALA",
        "Africa/Johannesburg": "JOHANNESBURG|PRETORIA|CAPE TOWN|HARARE",
    }.items()
    for city in cities.split("|")
}
#: A dateline stands in one of the first lines behind the headline.
_DATELINE_LINES: Final = 4


def dateline_day(text: str, published_at: datetime | None, published_precision: str) -> date | None:
    """The day of publication where the article was written, by the city of its dateline.

    None where no known city stands in front of the story, or the hour of publication is not known. Of use only where the
    publisher's own day is not known.
    """
    if published_at is None or published_precision not in ("second", "minute"):
        return None
    start = 0
    for _ in range(_DATELINE_LINES):
        start = text.find("\n", start) + 1
        if not start:
            return None
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        behind = dateline_end(text, start, end)
        if behind == start:
            continue
        place = text[start:behind].upper()
        parts = re.split(r"\s*[,(—–]|\s-", place)
        zone = _CITY_ZONES.get(place.split(" (")[0].strip(" —–-.,")) or _CITY_ZONES.get(parts[0].strip(" -"))
        if zone is None:
            return None
        try:
            moment = published_at if published_at.tzinfo is not None else published_at.replace(tzinfo=UTC)
            return moment.astimezone(ZoneInfo(zone)).date()
        except (ZoneInfoNotFoundError, OverflowError, ValueError):
            return None
    return None


_PREFIX_AT: Final = re.compile(r"(?:since|until|till|through|by)\s", re.IGNORECASE)
