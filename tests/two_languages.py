"""Twenty events told in two or three languages each, some of them look-alikes of another: written for these tests."""

from __future__ import annotations

EVENTS: tuple[dict[str, str], ...] = (
    {
        "de": "Hafenstreik in Rotterdam legt Containerterminals lahm. Die Beschäftigten fordern höhere Löhne.",
        "en": "Rotterdam port strike brings container terminals to a halt. Dockers want higher pay.",
        "zh": "鹿特丹港工人罢工，集装箱码头停摆。工人要求加薪。",
    },
    {
        "de": "Streik am Hamburger Hafen beendet. Arbeitgeber und Gewerkschaft einigen sich auf einen Tarifvertrag.",
        "en": "Hamburg port strike ends as employers and union agree on a contract.",
    },
    {
        "en": "Bank of Canada cuts its key rate by a quarter point, citing weak hiring.",
        "fr": "La Banque du Canada abaisse son taux directeur d'un quart de point en raison d'embauches faibles.",
        "de": "Kanadas Notenbank senkt den Leitzins um einen Viertelpunkt wegen schwacher Einstellungen.",
    },
    {
        "en": "Norway's central bank keeps its rate unchanged and sees no cut before autumn.",
        "de": "Norwegens Notenbank lässt den Zins unverändert und erwartet vor Herbst keine Senkung.",
    },
    {
        "es": "Un terremoto de magnitud 6,1 sacude el norte de Chile; no hay víctimas.",
        "en": "Magnitude 6.1 earthquake shakes northern Chile; nobody is reported hurt.",
    },
    {
        "fr": "Un séisme de magnitude 5,4 secoue la Crète, des maisons endommagées.",
        "en": "Houses damaged as a 5.4 earthquake hits Crete.",
    },
    {
        "de": "Sturm deckt in Lissabon Dächer ab, Tausende ohne Strom.",
        "en": "Storm tears roofs off in Lisbon and leaves thousands without power.",
        "es": "Un temporal arranca tejados en Lisboa y deja a miles de personas sin luz.",
    },
    {
        "en": "Flood closes the main road through the Ahr valley for the second time this year.",
        "de": "Hochwasser sperrt zum zweiten Mal in diesem Jahr die Hauptstraße im Ahrtal.",
    },
    {
        "en": "Chipmaker Halden opens a wafer plant in Dresden and hires 900 people.",
        "de": "Chiphersteller Halden eröffnet Waferwerk in Dresden und stellt 900 Leute ein.",
        "zh": "芯片制造商哈尔登在德累斯顿开设晶圆厂，将招聘九百人。",
    },
    {
        "en": "Chip designer Norvik recalls its car processors after a fault in the brakes' software.",
        "fr": "Le concepteur de puces Norvik rappelle ses processeurs pour voitures après une panne du logiciel de freinage.",
    },
    {
        "en": "Finland's parliament votes to lower the speed limit in winter.",
        "de": "Finnlands Parlament stimmt für ein niedrigeres Tempolimit im Winter.",
    },
    {
        "es": "La policía detiene a tres sospechosos por el robo de un cuadro de Goya en Zaragoza.",
        "en": "Three held over the theft of a Goya painting in Zaragoza.",
        "fr": "Trois suspects arrêtés après le vol d'un tableau de Goya à Saragosse.",
    },
    {
        "en": "Court in Oslo sentences a former minister to two years for fraud.",
        "de": "Gericht in Oslo verurteilt früheren Minister wegen Betrugs zu zwei Jahren Haft.",
    },
    {
        "zh": "金价升至每盎司历史新高，投资者寻求避险。",
        "en": "Gold climbs to a record an ounce as investors look for safety.",
        "de": "Goldpreis steigt auf Rekordhoch, Anleger suchen Sicherheit.",
    },
    {
        "en": "Oil falls three per cent after producers agree to pump more.",
        "de": "Ölpreis fällt um drei Prozent, nachdem Förderländer mehr pumpen wollen.",
        "es": "El petróleo cae un tres por ciento tras acordar los productores bombear más.",
    },
    {
        "en": "Airline Skylark cancels 200 flights after its check-in system fails.",
        "es": "La aerolínea Skylark cancela 200 vuelos por un fallo de su sistema de facturación.",
    },
    {
        "en": "Scientists find a new species of frog in the mountains of Ecuador.",
        "es": "Científicos hallan una nueva especie de rana en las montañas de Ecuador.",
        "de": "Forscher entdecken neue Froschart in den Bergen Ecuadors.",
    },
    {
        "en": "Measles outbreak in Manchester schools: 34 children ill.",
        "de": "Masern an Schulen in Manchester: 34 Kinder erkrankt.",
    },
    {
        "fr": "Le Portugal bat l'Italie aux tirs au but et jouera la finale.",
        "en": "Portugal beat Italy on penalties to reach the final.",
    },
    {
        "en": "Train derails near Brno, twelve passengers hurt.",
        "de": "Zug entgleist bei Brünn, zwölf Reisende verletzt.",
        "zh": "布尔诺附近火车脱轨，十二名乘客受伤。",
    },
)
