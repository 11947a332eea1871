using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The webhook for text messages and calls (docs/providers.md).</summary>
public sealed record PhoneHookProvider : IConfigurationCheckedBody
{
    [JsonPropertyName("url"), JsonRequired, WebAddress, StringLength(2000, MinimumLength = 1)]
    public string Url { get; init; } = "";

    /// <summary>Signs the requests.</summary>
    [JsonPropertyName("secret"), NullableOnWire, StringLength(1000, MinimumLength = 16), Secret(IsEchoed = false)]
    public string? Secret { get; init; }

    /// <summary>The address of a name is checked when the connection is opened, because it can change.</summary>
    ApiError? IConfigurationCheckedBody.FindFault(SallyportOptions options)
    {
        var url = new Uri(Url);
        return options.AllowsPrivateWebhooks ? null
            : url.Scheme != Uri.UriSchemeHttps ? ApiError.Payload("Must be an https address", "url")
            : PublicDestinations.MayBePublic(url) ? null
            : ApiError.Payload("Must be an address on the public Internet", "url");
    }
}
