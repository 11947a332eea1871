using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.AuthenticationMethods;

/// <summary>Calls for the authentication methods of a user.</summary>
internal static class MethodScene
{
    public const string TotpSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    public static readonly object Totp = new { type = "totp", name = "OTP", totp_secret = TotpSecret };
    public static readonly object Phone = new { type = "phone", name = "Mobile", phone_number = "+447207183875" };
    public static readonly object Email = new { type = "email", name = "Mail", email = "Chuck334@Example.com" };

    public static byte[] TotpKey => Base32.TryDecode(TotpSecret, out var key) ? key : throw new InvalidOperationException("No key");

    public static string MethodsPath(this Person person) => person.UserPath + "/authentication-methods";

    public static string MethodPath(this Person person, string id) => $"{person.MethodsPath()}/{Uri.EscapeDataString(id)}";

    public static Task<Answer> PostMethodAsync(this Person person, object method) =>
        person.Management.SendAsync(HttpMethod.Post, person.MethodsPath(), method);

    public static async Task<string> AddMethodAsync(this Person person, object method) =>
        (string)(await person.PostMethodAsync(method)).ShouldBe(HttpStatusCode.Created)["id"]!;

    public static Task<Answer> PutMethodsAsync(this Person person, params object[] methods) =>
        person.Management.SendAsync(HttpMethod.Put, person.MethodsPath(), methods);

    public static async Task<JsonArray> ListMethodsAsync(this Person person) =>
        (await person.Management.GetAsync(person.MethodsPath())).AsArray();

    /// <summary>A security key with the given credential id.</summary>
    public static object SecurityKey(string keyId, string type = "webauthn-roaming") => new
    {
        type,
        name = "Key",
        key_id = keyId,
        public_key = "pQECAyYgASFYIA==",
        relying_party_identifier = "example.com",
    };

    public static ValueTask ExecuteAsync(this TestServer server, Statement statement) => server.Database.WriteAsync(
        unit =>
        {
            unit.Enqueue(statement);
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);

    /// <summary>Sets a flag of the tenant in the database, in place of all its settings.</summary>
    public static ValueTask SetFlagAsync(this TestServer server, string name, bool value) => server.ExecuteAsync(new Statement(
        "UPDATE tenant SET settings = @settings", ("settings", $$$"""{"flags":{"{{{name}}}":{{{(value ? "true" : "false")}}}}}""")));
}
