export const tourTexts = {
  "tour.name": "Tour",
  "tour.count": "{step} of {count}",
  "tour.next": "Next",
  "tour.back": "Back",
  "tour.end": "Done",
  "tour.skip": "Skip the tour",
  "tour.run.title": "Press Run",
  "tour.run.text":
    "This graph makes a picture from a sentence. It is ready: the picture appears at its end within seconds.",
  "tour.prompt.title": "Change the prompt",
  "tour.prompt.text":
    "Type another sentence and run again. Only the nodes that depend on it work anew; the others keep what they have.",
  "tour.state.title": "Look inside",
  "tour.state.text":
    "Select a node: here is what it read, wrote and changed, with the picture at every step.",
  "tour.add.title": "Build your own",
  "tour.add.text":
    "All nodes and templates are here. Or press {key}, or double-click the canvas, and type what you look for.",
};
