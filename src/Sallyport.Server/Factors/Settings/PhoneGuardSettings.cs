using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using PhoneNumbers;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Factors.Settings;

/// <summary>How many messages may go to which phones (docs/providers.md). The published API has no such setting.</summary>
public sealed record PhoneGuardSettings : ICheckedBody
{
    /// <summary>ISO 3166 codes such as <c>DE</c>, in any case. Null: those of the configuration; empty: all.</summary>
    [JsonPropertyName("allowed_countries"), NullableOnWire, UniqueItems]
    public string[]? AllowedCountries { get; init; }

    /// <summary>Text messages and calls of the tenant in an hour.</summary>
    [JsonPropertyName("max_messages_per_hour"), Range(1, 1_000_000)]
    public int? MaxMessagesPerHour { get; init; }

    /// <summary>Those to numbers with the same first digits.</summary>
    [JsonPropertyName("max_messages_per_prefix_per_hour"), Range(1, 1_000_000)]
    public int? MaxMessagesPerPrefixPerHour { get; init; }

    /// <summary>A destination is halted when fewer of its codes are entered; 0 switches that off.</summary>
    [JsonPropertyName("min_entered_percent"), Range(0, 100)]
    public int? MinEnteredPercent { get; init; }

    /// <summary>The number of codes after which a destination is judged.</summary>
    [JsonPropertyName("min_codes"), Range(10, 100_000)]
    public int? MinCodes { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        AllowedCountries?.FirstOrDefault(country => !PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(country.ToUpperInvariant())) is { } unknown
            ? ApiError.Payload($"Unknown country: {unknown[..Math.Min(unknown.Length, 10)]}; give ISO 3166 codes such as DE", "allowed_countries")
            : null;
}
