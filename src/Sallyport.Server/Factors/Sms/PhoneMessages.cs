using System.Globalization;
using System.Text.Json;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Factors.Sms;

/// <summary>The settings of a tenant for messages to phones, as read from the database.</summary>
/// <param name="Templates">Null unless the tenant has set them.</param>
internal sealed record PhoneMessageSource(TenantSettings Tenant, PhoneTemplates? Templates);

internal sealed record PhoneMessageRequest(string Channel, string To, string Code)
{
    /// <summary>The code confirms a new phone. Otherwise it is for a sign-in.</summary>
    public bool IsEnrollment { get; init; }

    /// <summary>The languages that the browser asks for; null for the tenant's default.</summary>
    public string? Language { get; init; }

    public required PhoneMessageContextV1 Context { get; init; }

    public override string ToString() => $"{Channel} ***";
}

/// <summary>Writes the text of messages with a code from the tenant's templates or from the built-in texts.</summary>
internal sealed class PhoneMessages(SettingReader settings, TimeProvider clock, ILogger<PhoneMessages> logger)
{
    /// <summary>The longest text that the usual gateways accept, in ten parts.</summary>
    public const int MaxLength = 1600;

    /// <summary>Written where a call pauses.</summary>
    private const string Pause = "...";

    private const int MaxNameLength = 60;

    /// <summary>Lower than the default, because the message is rendered within the request.</summary>
    private static readonly LiquidLimits Limits = new() { MaxSteps = 100_000, MaxOutputLength = 4 * MaxLength };

    public async ValueTask<PhoneMessageSource> ReadSourceAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(session, tenant, FactorSettings.PhoneTemplates, cancellationToken);
        return new PhoneMessageSource(
            await TenantStore.GetSettingsAsync(session, tenant, cancellationToken), stored?.Json.Deserialize(FactorJson.Default.PhoneTemplates));
    }

    public PhoneMessageV1 Compose(PhoneMessageSource source, PhoneMessageRequest request)
    {
        var locale = LanguageChoice.ChooseForMail(source.Tenant.EnabledLocales, request.Language?.Split(',', ';')[0].Trim());
        return new PhoneMessageV1
        {
            Channel = request.Channel,
            To = request.To,
            Text = Render(source, request, locale) ?? BuiltIn(source, request, locale),
            Kind = request.IsEnrollment ? PhoneMessageV1.Enrollment : PhoneMessageV1.Verification,
            Language = locale.Tag,
            Context = request.Context,
        };
    }

    private static string BuiltIn(PhoneMessageSource source, PhoneMessageRequest request, Locale locale)
    {
        var text = (request.Channel, request.IsEnrollment) switch
        {
            (Message.Voice, _) => locale.Texts.CallCode,
            (_, true) => locale.Texts.SmsEnrollmentCode,
            (_, false) => locale.Texts.SmsCode,
        };
        return Texts.Fill(Texts.Fill(text, "code", Spoken(request)), "tenant", HeaderText.Clean(source.Tenant.DisplayName, MaxNameLength));
    }

    /// <returns>Null if the tenant has set no template, or if its template gives no usable text. The built-in text is sent then, because the person is waiting.</returns>
    private string? Render(PhoneMessageSource source, PhoneMessageRequest request, Locale locale)
    {
        if (source.Templates is not { } templates)
        {
            return null;
        }

        var (name, template) = request.IsEnrollment
            ? ("enrollment_message", templates.EnrollmentMessage)
            : ("verification_message", templates.VerificationMessage);
        if (!LiquidTemplate.TryParse(template, Limits, out var parsed, out var error))
        {
            MessagesLog.TemplateFailed(logger, name, error.ToString());
            return null;
        }

        var result = parsed.Render(VariablesOf(source, request, locale), new LiquidRenderOptions { Now = clock.GetUtcNow(), IsHtml = false });
        var text = result.Succeeded ? Clean(result.Text) : "";
        var fault = !result.Succeeded ? result.Error.ToString()
            : text.Length > MaxLength ? string.Create(CultureInfo.InvariantCulture, $"the text has more than {MaxLength} characters")
            : !Digits(text).Contains(request.Code, StringComparison.Ordinal) ? "the text does not contain the code"
            : null;
        if (fault is not null)
        {
            MessagesLog.TemplateFailed(logger, name, fault);
            return null;
        }

        return text;
    }

    private static Dictionary<string, object?> VariablesOf(PhoneMessageSource source, PhoneMessageRequest request, Locale locale)
    {
        var tenant = HeaderText.Clean(source.Tenant.DisplayName, MaxNameLength);
        return new Dictionary<string, object?>
        {
            ["code"] = Spoken(request),
            ["tenant"] = new Dictionary<string, object?> { ["friendly_name"] = tenant, ["friendlyName"] = tenant },
            ["message_type"] = request.Channel,
            ["locale"] = locale.Tag,
            ["requestInfo"] = new Dictionary<string, object?> { ["lang"] = locale.Tag },
            ["pause"] = request.Channel == Message.Voice ? Pause : "",
        };
    }

    /// <summary>A call speaks the digits one by one, with a pause after each.</summary>
    private static string Spoken(PhoneMessageRequest request) =>
        request.Channel == Message.Voice ? string.Join(". ", request.Code.ToCharArray()) + "." : request.Code;

    /// <summary>Gateways refuse control characters other than line breaks.</summary>
    private static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Where(character => character == '\n' || !char.IsControl(character))).Trim();

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
