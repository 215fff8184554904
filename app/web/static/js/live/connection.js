// A pill says when the server cannot be reached: what the page shows may be old then.
const pill = document.getElementById("offline");
// A proxy that stands before a server that is away.
const AWAY = [502, 504];

const tell = (there) => { if (pill) pill.hidden = there; };

// The answer of a fetch, whose fate is told.
export async function reaching(fetching) {
  try {
    const answer = await fetching;
    tell(!AWAY.includes(answer.status));
    return answer;
  } catch (error) {
    tell(false);
    throw error;
  }
}

addEventListener("offline", () => tell(false));
addEventListener("online", () => tell(true));
