using Sallyport.Protocols.Liquid;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Dashboard.Emails;

/// <summary>The forms about email templates.</summary>
internal sealed class EmailActions(EmailTemplateEditor templates, ChangeEmailTemplate change, TestEmailTemplate test)
{
    public const string NameValue = "name";
    public const string EnabledField = "enabled";
    public const string LanguageField = "language";
    public const string FormatField = "format";
    public const string PlainText = "text";

    /// <summary>The tag of the template that the form was made for.</summary>
    public const string SeenField = "seen";

    /// <summary>The length of a subject, and of a sender.</summary>
    private const int MaxLineLength = 2000;

    public Task<IResult> SaveAsync(DashboardRequest request) => WithExampleAsync(request, async example =>
    {
        var text = TextOf(request);
        if (FindFault(text) is { } faults)
        {
            return Editor(request, text, faults);
        }

        var result = await change.SaveAsync(example, text, request.Field(SeenField), request.Call, request.Aborted);
        return result.Outcome switch
        {
            EmailTemplateOutcome.Saved => new DashboardRedirect(EmailRoutes.Of(example.Kind.TemplateName)) { Flash = EmailTexts.Saved },
            EmailTemplateOutcome.TemplateFailed => Editor(request, text, FaultsOf(result)),
            EmailTemplateOutcome.Outdated => Outdated(request, text),
        };
    });

    public Task<IResult> SendTestAsync(DashboardRequest request) => WithExampleAsync(request, async example =>
    {
        var text = TextOf(request);
        if (FindFault(text) is { } faults)
        {
            return Editor(request, text, faults);
        }

        var to = request.Session.Administrator.Email;
        var result = await test.RunAsync(example, text, to, request.Call, request.Aborted);
        if (result.Outcome == EmailTemplateOutcome.TemplateFailed)
        {
            return Editor(request, text, FaultsOf(result));
        }

        var page = Editor(request, text, faults: null, StatusCodes.Status200OK);
        page.Parameters[nameof(EmailEditorPage.SentTo)] = to;
        return page;
    });

    /// <summary>Shows the mail in the frame beside the form: without scripts, and without anything from elsewhere.</summary>
    public Task<IResult> PreviewAsync(DashboardRequest request) => WithExampleAsync(request, async example =>
    {
        var (mail, fault) = await templates.PreviewAsync(example, TextOf(request), request.Field(LanguageField), request.Call.Tenant, request.Aborted);
        return mail is null ? new PreviewFaultResult(EditorTexts.At(EditorFault.Of(fault.Error!))) : new MailPreviewResult(mail, request.Field(FormatField) == PlainText);
    });

    public Task<IResult> CheckAsync(DashboardRequest request) => WithExampleAsync(request, example =>
    {
        _ = LiquidTemplate.TryParse(request.Text(EmailTemplateEditor.Body) ?? "", LiquidLimits.Default, out var template, out var error);
        var unknown = template is null ? [] : EmailVariables.ListUnknown(template, example);
        return Task.FromResult(EditorCheck.Result(error, unknown));
    });

    public Task<IResult> ResetAsync(DashboardRequest request) => WithExampleAsync(request, async example =>
    {
        await change.ResetAsync(example, request.Call, request.Aborted);
        return new DashboardRedirect(EmailRoutes.Of(example.Kind.TemplateName)) { Flash = EmailTexts.WasReset };
    });

    private async Task<IResult> WithExampleAsync(DashboardRequest request, Func<MailExample, Task<IResult>> act) =>
        templates.TryFind(request.Route(NameValue), out var example)
            ? await act(example)
            : PageFault.NotFound(request);

    private static EmailTemplateText TextOf(DashboardRequest request) => new(
        request.Field(EmailTemplateEditor.Subject),
        request.Field(EmailTemplateEditor.From),
        request.Text(EmailTemplateEditor.Body) ?? "",
        request.IsChecked(EnabledField));

    private static FormFaults? FindFault(EmailTemplateText text)
    {
        var faults = new FormFaults();
        if (text.Subject.Length is 0 or > MaxLineLength)
        {
            faults[EmailTemplateEditor.Subject] = EmailTexts.SubjectMissing;
        }

        if (text.From.Length > MaxLineLength)
        {
            faults[EmailTemplateEditor.From] = EmailTexts.FromTooLong;
        }

        if (string.IsNullOrWhiteSpace(text.Body))
        {
            faults[EmailTemplateEditor.Body] = EmailTexts.BodyMissing;
        }

        return faults.Any ? faults : null;
    }

    private static FormFaults FaultsOf(EmailTemplateResult result) => new() { [result.Field!] = EditorTexts.At(EditorFault.Of(result.Error!)) };

    private static PageResult<EmailEditorPage> Outdated(DashboardRequest request, EmailTemplateText text)
    {
        var page = Editor(request, text, faults: null, StatusCodes.Status409Conflict);
        page.Parameters[nameof(EmailEditorPage.IsOutdated)] = true;
        return page;
    }

    private static PageResult<EmailEditorPage> Editor(
        DashboardRequest request, EmailTemplateText text, FormFaults? faults, int status = StatusCodes.Status400BadRequest) =>
        new(request, status)
        {
            Parameters =
            {
                [nameof(EmailEditorPage.Entered)] = new EnteredEmail(text.Subject, text.From, text.Body, text.IsEnabled, request.Field(SeenField)),
                [nameof(EmailEditorPage.Faults)] = faults,
            },
        };
}

/// <summary>What was entered in a form that was not saved.</summary>
public sealed record EnteredEmail(string Subject, string From, string Body, bool IsEnabled, string Seen);

/// <summary>A mail in the frame of the editor.</summary>
internal sealed class MailPreviewResult(MailV1 mail, bool isPlainText) : IResult
{
    private const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        DashboardHeaders.AllowFrame(httpContext.Response.Headers, Policy);
        var result = isPlainText
            ? TypedResults.Text($"{EmailTexts.Subject}: {mail.Subject}\n\n{mail.Text}", "text/plain; charset=utf-8")
            : TypedResults.Text(mail.Html, "text/html; charset=utf-8");
        return result.ExecuteAsync(httpContext);
    }
}
