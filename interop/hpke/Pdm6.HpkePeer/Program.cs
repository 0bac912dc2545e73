using System.Text.Json;
using Pdm6.HpkePeer;

// pdm6's HPKE as a peer, by its public members only: one JSON object a line, in and out.
while (Console.ReadLine() is string text)
{
    Line line = JsonSerializer.Deserialize(text, PeerJson.Default.Line)!;
    Answer answer;
    try
    {
        answer = Peer.Answer(line);
    }
    catch (Exception exception)
    {
        answer = new Answer { Error = $"{exception.GetType().Name}: {exception.Message}" }; // the other end's test reads it
    }
    Console.WriteLine(JsonSerializer.Serialize(answer, PeerJson.Default.Answer));
}
