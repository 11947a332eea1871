using System.Globalization;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.HostedPages;

namespace Sallyport.Server.Dashboard.HostedPages;

/// <summary>The forms about the hosted page.</summary>
internal sealed class HostedPageActions(ChangeMfaPage change, PreviewMfaPage preview)
{
    public const string TextField = "html";

    /// <summary>The tag of the text that the form was made for.</summary>
    public const string SeenField = "seen";

    public const string EnabledField = "enabled";
    public const string UseField = "use";
    public const string LanguageField = "language";
    public const string ErrorsField = "errors";
    public const string UserField = "user";

    public async Task<IResult> SaveAsync(DashboardRequest request)
    {
        var html = request.Text(TextField) ?? "";
        if (string.IsNullOrWhiteSpace(html))
        {
            return Editor(request, StatusCodes.Status400BadRequest, html, new EditorFault(1, 1, HostedPageTexts.Empty));
        }

        var result = await change.SaveAsync(html, request.Field(SeenField), request.Call, request.Aborted);
        return result.Outcome switch
        {
            MfaPageChangeOutcome.TemplateFailed => Editor(request, StatusCodes.Status400BadRequest, html, EditorFault.Of(result.Error!)),
            MfaPageChangeOutcome.Outdated => Editor(request, StatusCodes.Status409Conflict, html, fault: null),
            _ => Done(result),
        };
    }

    public async Task<IResult> SwitchAsync(DashboardRequest request)
    {
        var isEnabled = request.Field(EnabledField) == "true";
        await change.SwitchAsync(isEnabled, request.Call, request.Aborted);
        return new DashboardRedirect(HostedPageRoutes.Editor) { Flash = isEnabled ? HostedPageTexts.SwitchedOn : HostedPageTexts.SwitchedOff };
    }

    /// <summary>Shows the text of the form in the frame beside it.</summary>
    public async Task<IResult> PreviewAsync(DashboardRequest request)
    {
        var asked = new PreviewRequest
        {
            Use = request.Field(UseField) == PreviewRequest.SignIn ? PreviewRequest.SignIn : PreviewRequest.Ticket,
            Html = request.Text(TextField),
            UserId = request.Field(UserField) is { Length: > 0 } userId ? userId : null,
            Errors = request.IsChecked(ErrorsField),
            UiLocales = request.Field(LanguageField),
        };
        var result = await preview.RunAsync(asked, request.Call, request.Aborted);
        return result.Outcome switch
        {
            // Without the host: the dashboard may be open under another name of this server.
            PreviewOutcome.Rendered => new DashboardRedirect(new Uri(result.Preview!.Url).PathAndQuery),
            PreviewOutcome.TemplateFailed => new PreviewFaultResult(EditorTexts.At(EditorFault.Of(result.Error!))),
            PreviewOutcome.UserNotFound => new PreviewFaultResult(HostedPageTexts.NoSuchUser),
        };
    }

    /// <summary>Tells the script of the editor what is wrong with the text.</summary>
    public Task<IResult> CheckAsync(DashboardRequest request)
    {
        var (error, unknown) = preview.Check(request.Call.Tenant, request.Text(TextField) ?? "");
        return Task.FromResult(EditorCheck.Result(error, unknown));
    }

    public async Task<IResult> RestoreAsync(DashboardRequest request)
    {
        if (!TryReadVersion(request, out var version))
        {
            return new PageResult<VersionPage>(request);
        }

        var result = await change.ToVersionAsync(version, request.Field(SeenField), request.Call, request.Aborted);
        return result.Outcome switch
        {
            MfaPageChangeOutcome.NotFound => new PageResult<VersionPage>(request),
            MfaPageChangeOutcome.Outdated => new PageResult<VersionPage>(request, StatusCodes.Status409Conflict)
            {
                Parameters = { [nameof(VersionPage.IsOutdated)] = true },
            },
            _ => Done(result),
        };
    }

    public async Task<IResult> ResetAsync(DashboardRequest request)
    {
        var (path, seen) = (request.Path, request.Field(SeenField));
        var result = path switch
        {
            HostedPageRoutes.ResetToLast => await change.ToLastAsync(seen, request.Call, request.Aborted),
            HostedPageRoutes.ResetToDefault => await change.ToDefaultAsync(seen, request.Call, request.Aborted),
            _ => new MfaPageChange(MfaPageChangeOutcome.NotFound),
        };
        return result.Outcome switch
        {
            MfaPageChangeOutcome.NotFound => new PageResult<ResetPage>(request),
            MfaPageChangeOutcome.Outdated => new PageResult<ResetPage>(request, StatusCodes.Status409Conflict)
            {
                Parameters = { [nameof(ResetPage.IsOutdated)] = true },
            },
            _ => Done(result),
        };
    }

    public static bool TryReadVersion(DashboardRequest request, out long version) =>
        long.TryParse(request.Route("version"), NumberStyles.None, CultureInfo.InvariantCulture, out version);

    private static DashboardRedirect Done(MfaPageChange result) => new(HostedPageRoutes.Editor)
    {
        Flash = MfaPageState.Of(result.Settings!).IsShown ? HostedPageTexts.SavedAndShown : HostedPageTexts.Saved,
    };

    private static PageResult<HostedPageEditorPage> Editor(DashboardRequest request, int status, string html, EditorFault? fault) =>
        new(request, status)
        {
            Parameters =
            {
                [nameof(HostedPageEditorPage.Entered)] = html,
                [nameof(HostedPageEditorPage.Fault)] = fault,
                [nameof(HostedPageEditorPage.Seen)] = fault is null ? null : request.Field(SeenField),
            },
        };
}
