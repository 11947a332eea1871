using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Languages;

/// <summary>
/// The texts of pages and mails that the server renders. The widget has its own. A file with a missing or an unknown text does
/// not load.
/// </summary>
internal sealed partial record Texts
{
    private static readonly FrozenDictionary<Language, Texts> Loaded = Language.All.ToFrozenDictionary(language => language, Load);

    public required string PageTitle { get; init; }

    public required string SignInPageTitle { get; init; }

    /// <summary>On a button that leads back to the application.</summary>
    public required string Continue { get; init; }

    /// <summary>Shown on the page of a ticket until the widget has loaded.</summary>
    public required string EnrollHeading { get; init; }

    public required string EnrollIntro { get; init; }

    public required string NoScript { get; init; }

    /// <summary>Shown if the widget's files, and so its texts, cannot be loaded.</summary>
    public required string NotLoaded { get; init; }

    /// <summary>The errors of a link. The widget has the same texts as headings.</summary>
    public required string TicketUnknown { get; init; }

    public required string TicketUsed { get; init; }

    public required string TicketExpired { get; init; }

    public required string SignInAgain { get; init; }

    /// <summary>Heading of the page for a request of an application that cannot be answered.</summary>
    public required string ApplicationFault { get; init; }

    /// <summary>Before the description of the fault, which is in English.</summary>
    public required string ApplicationFaultHelp { get; init; }

    public required string SignInFinished { get; init; }

    public required string TicketWithdrawn { get; init; }

    public required string UserBlocked { get; init; }

    public required string MailSubject { get; init; }

    public required string MailGreeting { get; init; }

    public required string MailGreetingByName { get; init; }

    public required string MailReason { get; init; }

    public required string MailOpenLink { get; init; }

    public required string MailDuration { get; init; }

    public required string MailButton { get; init; }

    public required string MailOnce { get; init; }

    public required string MailCopyLink { get; init; }

    public required string MailUnexpected { get; init; }

    /// <summary>Also on pages.</summary>
    public required string MailSupport { get; init; }

    /// <summary>The subject of the mail, and the title of the page behind its link.</summary>
    public required string VerifySubject { get; init; }

    public required string VerifyReason { get; init; }

    public required string VerifyOpenLink { get; init; }

    public required string VerifyButton { get; init; }

    public required string VerifyOnce { get; init; }

    public required string VerifyUnexpected { get; init; }

    public required string VerifyDone { get; init; }

    /// <summary>Tells the person what to do if the link can no longer be used.</summary>
    public required string VerifyAgain { get; init; }

    /// <summary>The mail with a sign-in code.</summary>
    public required string CodeSubject { get; init; }

    public required string CodeReason { get; init; }

    public required string CodeInstruction { get; init; }

    public required string CodeOnce { get; init; }

    public required string CodeUnexpected { get; init; }

    /// <summary>The text message with a code for a sign-in.</summary>
    public required string SmsCode { get; init; }

    /// <summary>The text message with a code that confirms a new phone.</summary>
    public required string SmsEnrollmentCode { get; init; }

    /// <summary>A call says this. It pauses where the text has three dots.</summary>
    public required string CallCode { get; init; }

    /// <summary>The mail about changed factors.</summary>
    public required string FactorSubject { get; init; }

    public required string FactorReason { get; init; }

    /// <summary>Labels in that mail.</summary>
    public required string FactorAdded { get; init; }

    public required string FactorRemoved { get; init; }

    public required string FactorReplaced { get; init; }

    public required string FactorUsed { get; init; }

    public required string FactorWhen { get; init; }

    public required string FactorFrom { get; init; }

    public required string FactorBy { get; init; }

    public required string FactorByAdministrator { get; init; }

    public required string FactorWarning { get; init; }

    /// <summary>The mail to the administrator about a user who has reported a sign-in as not their own.</summary>
    public required string ReportSubject { get; init; }

    public required string ReportReason { get; init; }

    /// <summary>A label in that mail.</summary>
    public required string ReportUser { get; init; }

    public required string ReportWarning { get; init; }

    /// <summary>The names of factors.</summary>
    public required string FactorApp { get; init; }

    public required string FactorEmail { get; init; }

    public required string FactorRecoveryCode { get; init; }

    public required string FactorPhone { get; init; }

    public required string FactorPush { get; init; }

    /// <summary>The text of a push message. <c>{account}</c> is the account.</summary>
    public required string PushBody { get; init; }

    public required string FactorSecurityKey { get; init; }

    public required string FactorDevice { get; init; }

    public required string FactorPasskey { get; init; }

    /// <summary>The name of a new security key until its owner gives it another one. At most 16 characters.</summary>
    public required string SecurityKeyName { get; init; }

    /// <summary>The name of a new credential in a device until its owner gives it another one. At most 16 characters.</summary>
    public required string DeviceName { get; init; }

    /// <summary>The page that asks for the password.</summary>
    public required string PasswordTitle { get; init; }

    public required string PasswordHeading { get; init; }

    /// <summary>Names the application that the user signs in to.</summary>
    public required string PasswordApplication { get; init; }

    public required string PasswordIdentifier { get; init; }

    public required string PasswordLabel { get; init; }

    public required string PasswordShow { get; init; }

    public required string PasswordHide { get; init; }

    public required string PasswordWrong { get; init; }

    /// <summary>Too many wrong passwords, with the wait until the next try.</summary>
    public required string PasswordLocked { get; init; }

    public required string PasswordLockedOneMinute { get; init; }

    /// <summary>Shown if the sign-in has ended, with what to do.</summary>
    public required string PasswordExpired { get; init; }

    public required string PasswordExpiredHelp { get; init; }

    /// <summary>The page on which users manage their factors.</summary>
    public required string YourFactorsTitle { get; init; }

    public required string YourFactorsHeading { get; init; }

    public required string YourFactorsIntro { get; init; }

    public required string YourFactorsAddedOn { get; init; }

    public required string YourFactorsUsedOn { get; init; }

    public required string YourFactorsFirst { get; init; }

    public required string YourFactorsUseFirst { get; init; }

    public required string YourFactorsRename { get; init; }

    public required string YourFactorsName { get; init; }

    public required string YourFactorsNameInvalid { get; init; }

    public required string YourFactorsSave { get; init; }

    public required string YourFactorsRemove { get; init; }

    public required string YourFactorsRemoveHeading { get; init; }

    public required string YourFactorsRemoveHelp { get; init; }

    public required string YourFactorsKeep { get; init; }

    public required string YourFactorsLast { get; init; }

    public required string YourFactorsAddHeading { get; init; }

    public required string YourFactorsRecoveryHelp { get; init; }

    public required string YourFactorsNewCode { get; init; }

    public required string YourFactorsNewCodeHeading { get; init; }

    public required string YourFactorsNewCodeHelp { get; init; }

    public required string YourFactorsBack { get; init; }

    public required string YourFactorsSignIn { get; init; }

    public required string YourFactorsFromApplication { get; init; }

    public required string YourFactorsConfirmAgain { get; init; }

    public static Texts Of(Language language) => Loaded[language];

    /// <summary>Replaces a placeholder. Placeholders in the value are not replaced.</summary>
    public static string Fill(string text, string name, string value) =>
        Placeholder().Replace(text, match => match.Groups[1].Value == name ? value : match.Value);

    private static Texts Load(Language language)
    {
        using var file = typeof(Texts).Assembly.GetManifestResourceStream($"texts/{language.Name}.json")!;
        return JsonSerializer.Deserialize(file, TextsJson.Default.Texts)!;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Texts))]
internal sealed partial class TextsJson : JsonSerializerContext;
