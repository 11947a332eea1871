using System.Text.Json;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Providers;

/// <param name="AnswerToken">The token with which the phone answers.</param>
/// <param name="Nonce">The text that the phone signs.</param>
internal sealed record PushMessage(string AnswerToken, string Nonce);

/// <summary>Accepts push messages as FCM HTTP v1 does, and gives out access tokens as Google does.</summary>
/// <param name="receive">Gets the push token of the phone, and the message.</param>
internal sealed class FakeFcm(int port, Action<string, PushMessage> receive) : IDisposable
{
    private readonly LoopbackServer server = new(port, request =>
    {
        if (request.Head.StartsWith("POST /token"u8))
        {
            return """{"access_token":"bench","expires_in":3600,"token_type":"Bearer"}""";
        }

        var reader = new Utf8JsonReader(request.Body);
        using var document = JsonDocument.ParseValue(ref reader);
        var message = document.RootElement.GetProperty("message");
        var data = message.GetProperty("data");
        receive(
            message.GetProperty("token").GetString()!,
            new PushMessage(data.GetProperty("txtkn").GetString()!, data.GetProperty("c").GetString()!));
        return """{"name":"projects/bench/messages/1"}""";
    });

    public void Dispose() => server.Dispose();
}
