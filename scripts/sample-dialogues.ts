/**
 * What people of the sample say: small talks, made up, for the policy that keeps transcripts.
 * @module
 */

/** A language that is spoken in the sample. */
export type SampleLanguage = 'en' | 'de' | 'es';

/** A question and its answer. */
export type SampleExchange = readonly [user: string, model: string];

/** By template and language: exchanges in the order in which they are said. */
export const SAMPLE_DIALOGUES: Readonly<
  Record<'support' | 'tutor' | '-', Readonly<Record<SampleLanguage, readonly SampleExchange[]>>>
> = {
  support: {
    en: [
      [
        'Hello, my lamp arrived yesterday and it does not switch on.',
        'I am sorry to hear that. Is the small light at the plug on?',
      ],
      [
        'Yes, the plug is green, but the lamp stays dark.',
        'Then the plug is fine. Please hold the button on the base for five seconds.',
      ],
      [
        'It blinked twice and now it is off again.',
        'Two blinks mean that the bulb is loose. Would you turn it gently to the right?',
      ],
      ['Oh, that helped! It is on now.', 'Wonderful. Shall I send you the short manual as well?'],
      ['Yes please, to the address of my order.', 'Done. It is on its way; is there anything else I can do?'],
      [
        'And when will the second parcel come?',
        'Let me look that up. The second parcel is planned for Thursday before noon.',
      ],
      ['Thursday is bad, I am at work.', 'No problem, I have asked for Friday evening instead.'],
      ['Perfect, thank you very much.', 'You are welcome. Enjoy the light!'],
    ],
    de: [
      [
        'Guten Tag, auf meiner Rechnung steht die falsche Adresse.',
        'Das ändern wir gern. Wie lautet die richtige Straße?',
      ],
      [
        'Birkenweg 12, der Ort stimmt.',
        'Danke. Ich habe Birkenweg 12 eingetragen, soll die Rechnung neu verschickt werden?',
      ],
      ['Ja, bitte als Datei.', 'Sie bekommen sie in ein paar Minuten. Kann ich sonst noch helfen?'],
      [
        'Kann ich die Lampe auch in Grün bekommen?',
        'In Grün ist sie ab nächster Woche da. Soll ich eine zurücklegen?',
      ],
      ['Gern, eine reicht.', 'Ist vorgemerkt. Wir melden uns, sobald sie da ist.'],
      ['Und was kostet der Versand?', 'Ab zwei Lampen ist er frei, sonst vier Euro.'],
      ['Dann nehme ich zwei.', 'Sehr gern, ich habe die Menge geändert.'],
    ],
    es: [
      ['Buenas, quiero devolver una silla que pedí el martes.', 'Claro. ¿Sigue en su caja?'],
      [
        'Sí, ni siquiera la he montado.',
        'Perfecto. Pasamos a recogerla el jueves por la mañana, ¿le viene bien?',
      ],
      ['Mejor por la tarde.', 'Entonces el jueves a partir de las cuatro. Le mando la confirmación.'],
      ['¿Y cuándo me devuelven el dinero?', 'Tres días después de la recogida, en la misma tarjeta.'],
      ['Muy bien, gracias.', 'A usted. ¡Que tenga un buen día!'],
    ],
  },
  tutor: {
    en: [
      ['Can we practise fractions?', 'Gladly. What is one half plus one quarter?'],
      ['Two sixths?', 'Almost. Cut the half into quarters first: how many quarters are in one half?'],
      ['Two. So it is three quarters!', 'Exactly. Now try two thirds plus one sixth.'],
      ['Five sixths.', 'Right, and you did it in your head. One more, a little harder?'],
      ['Yes!', 'Three quarters minus one third. Look for a number that both can be cut into.'],
      [
        'Twelve. Nine twelfths minus four twelfths, five twelfths.',
        'Perfect. That was the hardest one of today.',
      ],
    ],
    de: [
      ['Ich verstehe den Dativ nicht.', 'Den üben wir. Wem gibst du das Buch: der Frau oder die Frau?'],
      ['Der Frau.', 'Richtig. Und jetzt mit einem Hund: Ich helfe …'],
      ['… dem Hund.', 'Sehr gut. Bilde einen Satz mit „mit“ und „Kind“.'],
      ['Ich spiele mit dem Kind.', 'Genau so. Merkst du, welche Wörter immer den Dativ wollen?'],
      ['Mit, nach, bei, von, zu.', 'Das ist die ganze Liste. Morgen kommt der Akkusativ.'],
    ],
    es: [
      ['¿Me ayudas con el pretérito?', 'Vamos. ¿Cómo se dice "I spoke"?'],
      ['Yo hablé.', 'Bien. ¿Y "they ate"?'],
      ['Ellos comieron.', 'Muy bien. Ahora uno irregular: "I went".'],
      ['Yo fui.', 'Exacto. Cuéntame qué hiciste ayer, en dos frases.'],
      ['Ayer fui al mercado y compré naranjas.', 'Perfecto, las dos formas están bien.'],
    ],
  },
  '-': {
    en: [
      [
        'What could I cook with rice and two eggs?',
        'Fried rice: warm the pan, fry the rice first, then push it aside for the eggs.',
      ],
      ['I have no soy sauce.', 'A little salt and a squeeze of lemon will do.'],
      ['How long does it take?', 'Ten minutes, most of it waiting for the rice to get crisp.'],
      ['Great, I will try that tonight.', 'Have fun, and keep the heat high.'],
    ],
    de: [
      [
        'Wie wird das Wetter morgen, was meinst du?',
        'Das weiß ich nicht sicher, aber ich kann dir sagen, was man für beides einpackt.',
      ],
      ['Dann sag mir das.', 'Eine leichte Jacke, feste Schuhe und etwas zu trinken.'],
      ['Und für die Kinder?', 'Dasselbe, und Ersatzsocken.'],
      ['Gute Idee, danke.', 'Gern, viel Spaß draußen.'],
    ],
    es: [
      ['Dame una idea para un cumpleaños sencillo.', 'Una merienda en el parque con un juego de pistas.'],
      ['¿Cuántas pistas?', 'Seis bastan para una hora; la última lleva a la tarta.'],
      ['¿Y si llueve?', 'Las mismas pistas, pero escondidas en casa.'],
      ['Me gusta.', 'Seguro que sale bien.'],
    ],
  },
};
