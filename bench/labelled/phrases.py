"""What people write on notes, signs, pages and posters."""

PHRASES = (
    "Bye bye credit card debt", "Back in ten minutes", "Please ring the bell", "Open every day",
    "Fresh bread and coffee", "Mind the gap", "Platform seven", "Wet paint", "Summer sale",
    "Half price on all books", "Call me before noon", "Buy milk, eggs and flour", "Keep right",
    "Do not lean on the door", "Library closes at eight", "Meeting moved to room twelve",
    "Happy birthday to you", "Lost cat, answers to Minka", "Parking for guests only",
    "Danger, deep water", "The museum is closed today", "Pay here", "Tickets on sale now",
    "Water the plants on Friday", "Train delayed by five minutes", "Handle with care",
    "Return to sender", "Best before the end of June", "Made by hand in small batches",
    "Chapter four: the long way home", "A walk along the river", "Notes from the field",
    "Remember to lock the gate", "Two for the price of one", "Garden centre this way",
    "No swimming beyond the buoys", "Harbour office", "Bicycle repair while you wait",
    "Warm soup, cold drinks", "Choose your seat", "Please take a number", "Road works ahead",
    "Next bus at half past three", "Left luggage", "First aid kit inside", "Quiet carriage",
    "Wear a helmet", "Staff only", "Grand opening on Saturday", "The end of the line",
    "Vuelvo en cinco minutos", "Pan recién hecho", "Cerrado por vacaciones", "Salida de emergencia",
    "Prohibido fumar aquí", "Se alquila habitación", "Mañana será otro día", "Venta de entradas",
    "Gracias por su visita", "Llamar antes de entrar", "Fermé le dimanche", "Tirez la porte",
    "Défense de stationner", "À consommer de préférence", "Café du marché", "Sortie à gauche",
    "Bienvenue à la maison", "Attention à la marche", "Réservé aux clients", "Merci de patienter",
    "Bitte nicht stören", "Heute frische Brötchen", "Eingang um die Ecke", "Geöffnet bis acht Uhr",
    "Vorsicht, frisch gestrichen", "Zimmer frei", "Ausfahrt freihalten", "Schöne Grüße aus Köln",
    "Müll bitte trennen", "Nächste Führung um elf", "Chiuso per ferie", "Vietato fumare",
    "Uscita di sicurezza", "Gelato fatto in casa", "Torno subito", "Spingere la porta",
    "Obrigado pela visita", "Aberto todos os dias", "Pão quente às sete", "Saída pela esquerda",
    "Order 4711 is ready", "Room 305, third floor", "Open 9 to 17", "Flight 208 to Oslo",
    "Size 42, blue", "Gate 12 closes soon", "Total 18.50", "Since 1924", "Route 66 Diner",
    "Apartment 7, second door",
)  # fmt: skip

ENGLISH = tuple(phrase for phrase in PHRASES if phrase.isascii())
