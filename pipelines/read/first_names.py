"""Which first names tell *he* from *she*: the commonest of some ten languages, written for this project.

Names that men and women bear (Kim, Robin, Alex, Chris, Terry), or that are a man's name in one language and a woman's in another
(Jean, Andrea, Simone, Michele, Nikita, Jan, Joan), are not in the lists: there a pronoun has to decide.
"""

from __future__ import annotations

from typing import Final

from pipelines.read import gazetteers
from pipelines.read.lexicon import word_set

#: Lower-case, without accents.
_MEN: Final = word_set(
    """aaron abdul abdullah abraham adam adolf adrian ahmad ahmed alan albert alberto alejandro aleksandr alessandro alexander
    alexandre alexei alexey alfred alfredo ali allen alvaro amit anatoly anders andre andreas andrei andrej andres andrew
    andrey andrzej anil ansgar anthony antoine anton antonio arjun arkady arne arnold arthur arturo arun ashok bashar ben
    benedict benito benjamin bernard bernd bernhard bernie bill bjorn bob boris brad brian bruce bruno carl carlo carlos
    cesar charles christoph christophe christopher chuck claudio clive colin craig dan daniel dario dave david deepak denis
    dennis derek diego dieter dimitri dirk dmitri dmitriy dmitry dmytro dominic donald doug douglas duncan edgar edmund
    eduardo edward edwin elias elijah emil emilio emmanuel enrico enrique eric erik ernest ernesto ethan etienne eugene
    evgeny fabio federico felipe ferdinand fernando filip florian francesco francois frank franz fred frederick friedrich
    fritz gabor gareth gary gavin gennady geoff geoffrey georg george georges gerald gerard gerhard giacomo gianni gilles
    giorgio giovanni giuseppe glenn gonzalo gordon graham greg gregory grzegorz guido guillaume guillermo gunther gustav
    gustavo hamid hamza hans harold harry hassan heinrich heinz helmut hendrik henri henrik henry herbert hermann horst
    howard hubert hugh hugo hussein ian ibrahim igor ilham imran isaac ismail istvan ivan ivo jacek jack jacob jacques jair
    jake jakob james jared jason javier jeb jeff jeffrey jens jeremy jerome jerry jerzy jesper jim jimmy joachim joao
    joaquin joe joel joerg johan johann johannes john jon jonas jonathan jorge jose josef joseph josh joshua juan julian
    julien julio jurgen justin kamal karl karol keir keith ken kenneth kevin khalid klaus konrad konstantin krzysztof kurt
    kyle larry lars laszlo laurent lawrence leo leon leonard leonid leopold leszek lionel lorenzo louis luc luca lucas
    lucien luigi luis luiz lukas luke maciej magnus mahmoud mahmud malcolm manfred manuel marc marcel marcelo marcin marco
    marcos marcus marek mario marius mark markus martin massimo mateusz matt matteo matthew matthias matthieu maurice
    mauricio maurizio maxim maximilian michael michel miguel mike mikhail miroslav mitch mitt mohamed mohammad mohammed
    muhammad mustafa mykola narendra nasser nathan neil nicholas nick nicolas niels nigel nikolai nikolaus nikolay nils
    norbert norman oleg oleksandr oliver olivier omar oscar oskar osman otto pablo paolo pascal patrick paul paulo pavel
    pawel pedro per peter petro phil philip philipp philippe pierre piet pieter piotr pradeep prakash rafael raffaele rahul
    rainer rajesh ralf ralph ramesh ramon randy raul ravi raymond reinhard ricardo riccardo richard rick rishi rob robert
    roberto rodrigo roger roland rolf roman ron ronald rory ruben rudolf rudy rupert russell ryan sadiq saeed salman
    salvador salvatore samuel sanjay santiago scott sean sebastian sergei sergey sergio seth shane silvio simon slawomir
    stanislav stefan stefano sten stephen steve steven stewart stuart sunil suresh sven tamas tariq ted teodor terrence theo
    theodor theodore thierry thomas tim timothy tobias todd tom tomas tomasz tomislav tommaso tony ulrich umberto uwe vadim
    valery vasily victor vijay vikram viktor vincent vincenzo vitali vitaly vittorio vivek vladimir volodymyr vyacheslav
    walter warren wayne werner wilhelm william wladyslaw wojciech wolfgang xavier yevgeny youssef yuri yusuf yves zbigniew
    zoltan"""
)
_WOMEN: Final = word_set(
    """abigail ada adriana agata agnes agnieszka aicha aisha alexandra alice alicia alina alison amanda amelia amina amy ana
    anastasia angela angelica angelina anita anna annalena anne annette annika antje antonia anya astrid audrey aurora
    ayesha barbara beata beatrice beatriz becky bella bernadette beth bettina betty bianca birgit brenda bridget brigitte
    britta camila camilla carla carmen carol carole carolina caroline catalina catarina caterina catherine cecile cecilia
    celine charlotte chiara christa christiane christina christine claire clara claudia cornelia cristina cynthia daniela
    daria debbie deborah deepika denise diana diane dolores dominika donna dora doris dorota dorothy edith ekaterina elaine
    eleanor elena eleonora elisa elisabeth elise eliza elizabeth elke ella ellen eloise elsa elzbieta emilia emily emma
    erika erin esperanza esther eugenia eva evelyn ewa faiza fatima federica fiona flavia florence francesca franziska
    frederique frida frieda gabriela gabriella galina geraldine gertrud gina giorgia giovanna gisela gita giulia giuliana
    gloria grace grazyna greta gretchen gudrun hana hanna hannah heather heidi helen helena helene helga henrietta hilde
    hillary ida ilona ilse ines inga ingrid ioanna irene irina iris isabel isabella isabelle ivana iwona jacinda jacqueline
    jana jane janet janice jasmine jennifer jenny jessica jill joanna johanna josephine joyce juanita judith judy julia
    juliana julie juliette justyna kamala karen karin karla karolina katarina katarzyna kate katharina katherine kathleen
    kathryn kathy katie katja katrin kavita kayla khadija kirsten kirstin kristina krystyna lakshmi larissa latifa laura
    lauren lea leila lena leonora leticia lidia lilian liliana lily linda lisa lise liz liza lorena louise lucia luciana
    lucie lucy ludmila luisa lydia magdalena malgorzata mandy manuela marcela margaret margarethe margarita margot
    marguerite maria mariana marianne marie marina marine marlene marta martha martina mary maryam mathilde matilda maya
    meera megan melania melanie melissa mercedes mette mia michaela michelle mireille miriam mona monica monika monique
    nadia nadine nancy naomi natalia natalie natasha nathalie nicole nina nora nuria odile oksana olena olga olivia ornella
    pamela paola patricia paula pauline penelope petra phoebe pilar piper polly priya priyanka rachel rania raquel rebecca
    regina renata renate rita roberta romina rosa rosalind rosanna rosemary roxana ruth sabine sabrina sally samantha sandra
    sanna sara sarah shabana shirley silke silvia sofia sonia sonja sophia sophie stefania steffi stephanie sunita susan
    susana susanna susanne suzanne svetlana swati sylvia sylvie tamara tanja tanya tatiana tatyana teresa theresa therese
    tina tracey ursula ute valentina valeria valerie vanessa vera veronica veronika veronique victoria viktoria viktorija
    virginia virginie viviana wanda wendy yasmin yolanda yulia yvette yvonne zainab zoe zofia zsuzsa zuzana"""
)


def gender_of(name: str) -> str | None:
    """``m`` or ``f`` by the first name of a full name: *Helen Marsh*, *Jean-Luc Ferrand*, *J. Edward Holm*; else ``None``.

    A name alone may be a surname (*Craig*, *Grace*) and says nothing.
    """
    words = [gazetteers.without_accents(word).lower() for word in name.split()]
    while len(words) > 2 and len(words[0].rstrip(".")) == 1:
        words = words[1:]
    if len(words) < 2:
        return None
    first, _, second = words[0].partition("-")
    if first == "jean" and second:
        # Jean-Marie is a man; Jean alone is a woman in English.
        return "m"
    return "m" if first in _MEN else "f" if first in _WOMEN else None
