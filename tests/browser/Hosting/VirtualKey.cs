using System.Text.Json;
using Microsoft.Playwright;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A virtual authenticator of the DevTools protocol. It is present and touched at once.</summary>
internal sealed class VirtualKey(ICDPSession session, string id) : IAsyncDisposable
{
    public static async Task<VirtualKey> AddAsync(Visitor visitor, bool hasVerification = false, string transport = "usb")
    {
        var session = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = transport,
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = hasVerification,
                ["isUserVerified"] = hasVerification,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualKey(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public async Task SetVerifiedAsync(bool isVerified) => await SendAsync("setUserVerified", ("isUserVerified", isVerified));

    /// <summary>Puts a copy of the credential in place of it, with another counter.</summary>
    public async Task SetCounterAsync(int counter)
    {
        var credentials = (await SendAsync("getCredentials"))!.Value.GetProperty("credentials");
        var credential = credentials[0].EnumerateObject().ToDictionary(member => member.Name, member => (object)member.Value);
        credential["signCount"] = counter;
        await SendAsync("clearCredentials");
        await SendAsync("addCredential", ("credential", credential));
    }

    public async ValueTask DisposeAsync() => await SendAsync("removeVirtualAuthenticator");

    private Task<JsonElement?> SendAsync(string command, params (string Name, object Value)[] arguments)
    {
        var all = arguments.ToDictionary(argument => argument.Name, argument => argument.Value);
        all["authenticatorId"] = id;
        return session.SendAsync("WebAuthn." + command, all);
    }
}
