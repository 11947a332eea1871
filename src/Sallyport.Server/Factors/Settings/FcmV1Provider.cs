using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The service account for push messages to Android. It is never returned.</summary>
public sealed record FcmV1Provider : ICheckedBody
{
    [JsonPropertyName("server_credentials"), NullableOnWire, StringLength(10_000, MinimumLength = 1), Secret(IsEchoed = false)]
    public string? ServerCredentials { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        ServerCredentials is null || FcmAccount.IsKeyFile(ServerCredentials)
            ? null
            : ApiError.Payload("Must be the JSON key file of a service account", "server_credentials");
}
