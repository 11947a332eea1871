using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Dashboard.Texts;

/// <summary>The pages about email templates.</summary>
internal static class EmailTexts
{
    public const string Title = "Emails";
    public const string Help = "The mails that people get, and their texts.";
    public const string Mail = "Mail";
    public const string Text = "Text";
    public const string BuiltIn = "Built-in";
    public const string Own = "Your own";
    public const string SwitchedOff = "Switched off";
    public const string BuiltInHelp = "People get the built-in mail in their own language. The text below says the same; save it to send yours instead.";
    public const string OwnHelp = "People get the text below, in whatever language you write it. The variable request_language says theirs.";
    public const string SwitchedOffHelp = "Your text is not used: the built-in mail is sent, or none if nobody waits for it.";
    public const string Subject = "Subject";
    public const string From = "Sender";
    public const string FromHelp = "An address, or a name with an address in angle brackets. Without it the sender is that of the email provider.";
    public const string Body = "HTML with Liquid";
    public const string BodyHelp = "The plain-text part of the mail stays the built-in one.";
    public const string ReadOnlyHelp = "Your role may read and preview the text, but not change it.";
    public const string Enabled = "Use this text";
    public const string Format = "Format";
    public const string Html = "HTML";
    public const string PlainText = "Plain text";
    public const string PreviewHelp = "With sample data. Pictures and styles of other sites are not loaded here.";
    public const string SendTest = "Send me a test";
    public const string Reset = "Reset to default";
    public const string ResetConsequence = "Your text is deleted, and the built-in mail is sent again, in the language of each person. This cannot be undone.";
    public const string ResetText = "The text that is deleted";
    public const string Saved = "The text is saved.";
    public const string WasReset = "The built-in mail is sent again.";
    public const string SubjectMissing = "Enter a subject of at most 2,000 characters.";
    public const string FromTooLong = "Use at most 2,000 characters.";
    public const string BodyMissing = "Enter a text. To send the built-in mail, reset to the default.";
    public const string Conflict = "Somebody else has saved this text since you opened it.";

    public static readonly IReadOnlyList<TemplateVariable> CommonVariables =
    [
        new("user.name", "The user's full name."),
        new("user.given_name", "The user's first name."),
        new("user.family_name", "The user's last name."),
        new("user.nickname", "The user's nickname."),
        new("user.email", "The user's address."),
        new("user.email_verified", "Whether the address is verified."),
        new("user.user_id", "The user's id."),
        new("user.picture", "The address of the user's picture."),
        new("user.user_metadata", "What the user profile holds, for example user.user_metadata.plan."),
        new("user.app_metadata", "What your application holds about the user."),
        new("friendly_name", "The name of your tenant."),
        new("tenant", "The name of your tenant."),
        new("application.name", "The name of the application, or of your tenant."),
        new("support_email", "Your support address."),
        new("support_url", "The address of your support page."),
        new("request_language", "The language of the recipient, for example de."),
    ];

    public static string NameOf(string template) => template switch
    {
        EmailTemplate.Enrollment => "Invitation to enroll",
        EmailTemplate.Verification => "Verify the address",
        EmailTemplate.FactorChange => "Factors were changed",
        EmailTemplate.SignInReport => "A sign-in was reported",
        "mfa_oob_code" => "Code for the second step",
        _ => template,
    };

    public static string PurposeOf(string template) => template switch
    {
        EmailTemplate.Enrollment => "Carries the link of an enrollment ticket.",
        EmailTemplate.Verification => "Asks a user to confirm the address.",
        EmailTemplate.FactorChange => "Tells a user which factors were added or removed.",
        EmailTemplate.SignInReport => "Tells your support address that a user has answered “This was not me”.",
        "mfa_oob_code" => "Carries a code for users who have enrolled their address.",
        _ => "",
    };

    public static string MeaningOf(string variable) => variable switch
    {
        "link" => "The link that the mail is about.",
        "url" => "The link that the mail is about.",
        "code" => "The code.",
        "connection" => "The user's connection: connection.name.",
        "added_factors" => "The factors that were added, as a list.",
        "removed_factors" => "The factors that were removed, as a list.",
        "replaced_factors" => "The factors that were replaced, as a list.",
        "used_factors" => "The factors that were used up, such as a recovery code, as a list.",
        "changed_at" => "When the factors were changed.",
        "changed_by" => "user or administrator.",
        "reported_at" => "When the user has reported the sign-in.",
        "ip_address" => "The address from which it was done.",
        "browser" => "The browser with which it was done.",
        _ => "",
    };

    public static string SentTo(string address) => $"A test mail to {address} is on its way. It has the text below, which is not saved.";
}
