using Sallyport.Server.Languages;
using Sallyport.Server.Users;

namespace Sallyport.Server.Messages.Templates;

/// <summary>
/// A kind of mail that this server sends, with an example of its data. Each feature that sends mails registers its own; the dashboard lists and
/// previews them.
/// </summary>
/// <param name="Request">What the mail says, in a language, at an instant.</param>
internal sealed record MailExample(MailKind Kind, Func<Texts, DateTimeOffset, MailRequest> Request)
{
    public const string Link = "https://example.com/link";
    public const string Address = "203.0.113.7";
    public const string Browser = "Firefox, Linux";

    public static readonly User Person = new()
    {
        UserId = "auth0|example",
        Email = "ada@example.com",
        EmailVerified = true,
        Name = "Ada Lovelace",
        GivenName = "Ada",
        FamilyName = "Lovelace",
        Nickname = "ada",
    };

    public static readonly MailExample Enrollment = new(MailKind.Enrollment, (_, _) => new MailRequest(Person.Email!, Person) { Link = Link });

    /// <summary>The variables of this kind of mail, in addition to those of every mail.</summary>
    public IReadOnlyList<string> Variables { get; } = [.. VariablesOf(Request(Texts.Of(Language.English), DateTimeOffset.UnixEpoch))];

    private static IEnumerable<string> VariablesOf(MailRequest request) =>
        request.Variables.Keys
            .Concat(request.Link is null ? [] : ["link"])
            .Concat(request.Code is null ? [] : ["code"]);
}
