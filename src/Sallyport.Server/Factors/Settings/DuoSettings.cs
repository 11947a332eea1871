using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

public sealed partial record DuoSettings : ICheckedBody
{
    [JsonPropertyName("ikey"), StringLength(10_000)]
    public string? IntegrationKey { get; init; }

    [JsonPropertyName("skey"), StringLength(10_000, MinimumLength = 1), Secret(IsReturnedByPublishedApi = true)]
    public string? SecretKey { get; init; }

    [JsonPropertyName("host"), StringLength(10_000)]
    public string? Host { get; init; }

    /// <summary>Keys are sent to hosts of Duo only.</summary>
    internal static bool IsHostOfDuo(string host) => HostPattern().IsMatch(host);

    ApiError? ICheckedBody.FindFault() =>
        string.IsNullOrEmpty(Host) || IsHostOfDuo(Host)
            ? null
            : ApiError.Payload("Must be the API hostname of an application in Duo, such as api-12345678.duosecurity.com", "host");

    [GeneratedRegex(@"^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.(duosecurity|duofederal)\.com\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();
}
