using Sallyport.Server.Factors;
using Sallyport.Server.Http;

namespace Sallyport.Server.MfaApi;

/// <summary>The names of factors in the MFA API (docs/mfa-api.md, "Authenticators").</summary>
internal static class MfaFactorNames
{
    public const string Otp = "otp";

    /// <summary>Out of band: what proves it is sent to the user.</summary>
    public const string OutOfBand = "oob";

    private const string RecoveryCode = "recovery-code";

    public static readonly IReadOnlyList<string> ChallengeTypes = [Otp, OutOfBand];

    /// <summary>The type in <c>mfa_requirements</c> and in the list of authenticators.</summary>
    public static MfaFactorType TypeOf(FactorTraits traits) => new(traits.TicketName ?? traits.Method);

    /// <summary>What a browser answers can be listed and deleted, but not challenged, so its type is none of <see cref="ChallengeTypes"/>.</summary>
    public static string AuthenticatorTypeOf(FactorTraits traits) =>
        traits.IsFallback ? RecoveryCode : traits.IsAnsweredByBrowser ? traits.Method : traits.ChallengeLimit is null ? Otp : OutOfBand;

    /// <summary>The channel on which a code is sent if the factor has only one; null for a factor that sends nothing.</summary>
    public static string? ChannelOf(FactorTraits traits) => traits.ChallengeLimit is null || traits.IsAnsweredByBrowser ? null : traits.Channel;

    /// <param name="channel">The channel on which it is reached, if there is a choice: a phone has an id for each.</param>
    public static string IdOf(Authenticator authenticator, FactorTraits traits, string? channel = null) =>
        $"{channel ?? traits.MethodType}|{authenticator.Id}";

    /// <summary>Whether an id, or one of several ids, of the authenticator is this one.</summary>
    public static bool IsIdOf(string id, Authenticator authenticator, FactorTraits traits) =>
        id == IdOf(authenticator, traits) || traits.Channels.Any(channel => id == IdOf(authenticator, traits, channel));

    /// <returns>The channel that the id names; null if it names none.</returns>
    public static string? ChannelIn(string? id, FactorTraits traits) =>
        traits.Channels.FirstOrDefault(channel => id?.StartsWith(channel + "|", StringComparison.Ordinal) == true);
}
