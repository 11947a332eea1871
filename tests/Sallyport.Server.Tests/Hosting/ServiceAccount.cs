using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Key files of service accounts, as Google gives them out.</summary>
internal static class ServiceAccount
{
    /// <param name="canary">Stands in the file, so that a test can find a copy of it.</param>
    /// <returns>The body that sets it for FCM.</returns>
    public static string NewBody(string canary)
    {
        using var key = RSA.Create(2048);
        var file = new JsonObject
        {
            ["project_id"] = canary,
            ["client_email"] = "push@example.iam.gserviceaccount.com",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
        };
        return new JsonObject { ["server_credentials"] = file.ToJsonString() }.ToJsonString();
    }
}
