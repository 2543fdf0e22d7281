{#- Words around a name that tell what it stands for there. Each macro gives the inside of a regular expression; those with
    capitals are meant as they stand. -#}

{#- Whom only a team has: "Norden coach Tom Reed". -#}
{% macro team_roles() -%}
(?i:(?:(?:head|assistant|former|ex|interim|caretaker|then|vice)[ -])*(?:coach(?:es)?|manager|captain|skipper|striker|goalkeeper|midfielder|full-?back|fly-?half|scrum-?half|flanker|hooker|winger|centre-?half|batsm[ae]n|batter|bowler|wicket-?keeper|all-?rounder|pitcher|catcher|shortstop|outfielder|infielder|quarterback|linebacker|cornerback|wide receiver|running back|point guard|goaltender|goalie)s?)
{%- endmacro %}

{#- What is done and scored in games, and by whom: two of these make a sentence one about sport. -#}
{% macro sports_actions() -%}
(?i:coach(?:es|ed)?|captain|skipper|strikers?|goalkeepers?|midfielders?|wingers?|fly-?half|scrum-?half|batsm[ae]n|bowlers?|wicket-?keeper|pitchers?|outfielder|infielder|quarterbacks?|linebackers?|goaltender|innings?|wickets?|homered|home runs?|pitched|bowled|touchdowns?|field goals?|free throws?|rebounds|hat-?tricks?|half-?time|kick-?off|goalless|equali[sz]er|equali[sz]ed|penalty (?:kick|area|shoot-?out)|shoot-?out|stoppage time|extra time|knockout stages?|group stages?|first half|second half|final quarter|straight sets|tie-?break|teammates?|squad|unbeaten|semi-?finals?|quarter-?finals?|play-?offs?|semi-?finalists?|quarter-?finalists?|knock-?out|scored|scoring|goals|match(?:es)?|fixtures?|test match|win over|loss to|draw with|rout of|beat|edged|thrashed|trounced|downed|whitewashed|play(?:s|ed|ing)? against|world titles?|title-?holders?|points scorer|substitutes?)
{%- endmacro %}

{#- What games are called and played for. -#}
{% macro sports_events() -%}
(?i:world cups?|six nations|tri-?nations|premier league|champions league|europa league|serie a|la liga|bundesliga|super bowl|world series|grand slam|grand prix|davis cup|fed cup|ryder cup|test series|tournament|championships?|season|league|olympics?|medals?|medall?ists?|rugby|cricket|football|soccer|baseball|basketball|hockey|tennis|golf|sports?)|\b(?:NFL|NBA|MLB|NHL|NCAA|WNBA|FIFA|UEFA|MLS)
{%- endmacro %}

{#- A result: 22-19, 3–0, not a year with its end. -#}
{% macro score() -%}
(?:^|[\s(])[0-9]{1,2}\s?[-–]\s?[0-9]{1,2}(?:[\s,.;:)]|$)
{%- endmacro %}

{#- What stands before a name that is a place and nothing else. -#}
{% macro locative() -%}
(?i:\b(?:in|inside|near|around|across|throughout|outside|within|into|via|from|through|downtown|central|rural|northern|southern|eastern|western|upstate|(?:north|south|east|west|city|town|state|streets|people|capital|outskirts|suburb) of|visit(?:s|ed|ing)?|left|leaving|reach(?:ed|ing)?)\s+(?:the\s+)?)
{%- endmacro %}

{#- Heads of names that go on with "of" and a place: the University of Norden is not Norden. -#}
{% macro heads_before_of() -%}
(?:University|College|School|Academy|Institute|Bank|Church|Diocese|Archdiocese|Archbishop|Bishop|Cardinal|Museum|Tour|Giro|Duke|Duchess|Earl|Countess|Count|Marquess|Baron|Baroness|Prince|Princess|Battle|Siege|Treaty|Declaration|Gulf|Strait|Straits|Parliament|Court|Port Authority|Grand Prix|Masters|Statute|Chamber|Confederation|Federation|Voice|Order|Sultan|Emir|Merchant|Rivers|Cathedral|Stock Exchange|Football Association)
{%- endmacro %}

{#- Last words of names of bodies, before the office of somebody in them. -#}
{% macro body_heads() -%}
(?:Agency|Army|Assembly|Association|Authority|Bank|Board|Bureau|Center|Centre|Club|College|Commission|Committee|Company|Council|Court|Department|Federation|Force|Foundation|Group|Guard|Hospital|House|Institute|Ministry|Museum|Navy|Office|Party|Police|School|Senate|Service|Society|Treasury|Union|University)
{%- endmacro %}

{#- Last words of names that are no body. -#}
{% macro place_heads() -%}
(?:Airport|Avenue|Basin|Bay|Beach|Boulevard|Bridge|Canal|Castle|Cathedral|City|Coast|County|Creek|Delta|Desert|District|Falls|Forest|Governorate|Gulf|Harbou?r|Heights|Highlands|Hills?|Hotel|Islands?|Kingdom|Lakes?|Mountains?|Oblast|Park|Peninsula|Plateau|Plaza|Port|Prefecture|Prison|Province|Region|River|Road|Sea|Square|Stadium|Station|Straits?|Street|Territory|Tower|Township|Valley|Village)
{%- endmacro %}

{% macro event_heads() -%}
(?:Accords?|Act|Affair|Age|Agreement|Awards?|Bill|Charter|Championships?|Conference|Constitution|Convention|Crisis|Cup|Day|Deal|Declaration|Doctrine|Earthquake|Elections?|Empire|Expo|Fair|Festival|Games|Grand Prix|Law|Marathon|Masters|Memorandum|Olympics|Open|Operation|Pact|Peace|Plan|Prize|Protocol|Referendum|Report|Revolution|Spring|Summit|Talks|Treaty|Trial|Uprising|Wars?|Week)
{%- endmacro %}

{#- What may follow a place with a capital and is not of its name: an office, a party, a month. -#}
{% macro no_part_of_a_place() -%}
(?i:{{ titles() }}|corporal|cpl|private|pvt|marshal|presidential|president-elect|king|queen|prince|princess|pope|emperor|sultan|emir|crown|republicans?|democrats?|democratic|conservatives?|liberals?|labour|socialist|communist|independent|tory|tories|gop|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|i|and|but|the|a|an|in|on|at|to|of|for|with|by|as|he|she|it|they|we|this|that|who|is|are|was|were|has|have|will|says?|said|after|before|over|amid|from|not|foreign|interior|finance|defen[cs]e|prime|deputy|vice|chief|jews?|muslims?|christians?|catholics?|english|french|german|russian|american|british|european|chinese|super|world|first|second|photo|getty|reuters|afp|ap|ap\))
{%- endmacro %}

{#- Names that every country has its own of: a place right before one is part of its name, known though it is by itself. -#}
{% macro bodies_of_places() -%}
(?:Senate|House|House of Representatives|Congress|Parliament|Assembly|Legislature|Cabinet|Government|Supreme Court|High Court|Constitutional Court|Court of Appeals?|Navy|Army|Air Force|Marines?|Marine Corps|Coast Guard|National Guard|Treasury|Police|Embassy|Republicans?|Democrats?|Conservative Party|Labou?r Party|Liberal Party|Democratic Party|Republican Party|Green Party|Socialist Party|Communist Party|(?:\p{Lu}[\p{L}]* )*(?:Department|Ministry|Commission|Agency|Committee|Council|Bureau|Office))
{%- endmacro %}

{#- First-level parts of countries whose towns share their names with greater ones elsewhere, as the list names them. -#}
{% macro regions() -%}
'Alabama', 'Alaska', 'Arizona', 'Arkansas', 'California', 'Colorado', 'Connecticut', 'Delaware', 'Florida', 'Georgia (U.S. state)',
'Georgia', 'Hawaii', 'Idaho', 'Illinois', 'Indiana', 'Iowa', 'Kansas', 'Kentucky', 'Louisiana', 'Maine', 'Maryland',
'Massachusetts', 'Michigan', 'Minnesota', 'Mississippi', 'Missouri', 'Montana', 'Nebraska', 'Nevada', 'New Hampshire',
'New Jersey', 'New Mexico', 'New York (state)', 'New York City', 'North Carolina', 'North Dakota', 'Ohio', 'Oklahoma', 'Oregon',
'Pennsylvania', 'Rhode Island', 'South Carolina', 'South Dakota', 'Tennessee', 'Texas', 'Utah', 'Vermont', 'Virginia',
'Washington (state)', 'West Virginia', 'Wisconsin', 'Wyoming', 'Ontario', 'Quebec', 'British Columbia', 'Alberta', 'Manitoba',
'Saskatchewan', 'Nova Scotia', 'New Brunswick', 'New South Wales', 'Queensland', 'Tasmania', 'Puerto Rico'
{%- endmacro %}
