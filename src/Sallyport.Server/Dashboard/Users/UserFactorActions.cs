using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Factors;
using Sallyport.Server.Users;

namespace Sallyport.Server.Dashboard.Users;

/// <summary>The forms that help a user who has lost a device, a recovery code or a browser.</summary>
internal sealed class UserFactorActions(
    RemoveAuthenticators remove, FactorCatalog catalog, RegenerateRecoveryCode regenerate, ForgetBrowsers forget, ResumeChallenges resume)
{
    public async Task<IResult> RemoveAsync(DashboardRequest request)
    {
        var id = request.Route("factor");
        var removal = new Removal(request.UserId(), authenticator => authenticator.Id == id) { IsOfOne = true };
        return await remove.RunAsync(request.Call, removal, request.Aborted) == RemoveOutcome.Removed
            ? UserActions.Back(request, UserTexts.RemoveDone)
            : PageFault.NotFound(request);
    }

    public async Task<IResult> ResetAsync(DashboardRequest request)
    {
        var removal = new Removal(request.UserId(), authenticator => !catalog.TraitsOf(authenticator).IsFirstFactor) { IsReset = true };
        return await remove.RunAsync(request.Call, removal, request.Aborted) == RemoveOutcome.UserNotFound
            ? PageFault.NotFound(request)
            : UserActions.Back(request, UserTexts.ResetDone);
    }

    /// <summary>Shows the code in the response, because it is not stored.</summary>
    public async Task<IResult> RegenerateAsync(DashboardRequest request)
    {
        var code = await regenerate.RunAsync(request.Call, request.UserId(), isByUser: false, request.Aborted);
        return code is null
            ? PageFault.NotFound(request)
            : new PageResult<ShownOncePage>(request)
            {
                Parameters =
                {
                    [nameof(ShownOncePage.Title)] = UserTexts.NewCodeTitle, [nameof(ShownOncePage.Help)] = UserTexts.NewCodeHelp,
                    [nameof(ShownOncePage.Label)] = UserTexts.NewCodeLabel, [nameof(ShownOncePage.Value)] = code,
                },
            };
    }

    public async Task<IResult> ForgetBrowsersAsync(DashboardRequest request) =>
        await forget.RunAsync(request.Call, request.UserId(), request.Aborted)
            ? UserActions.Back(request, UserTexts.ForgetDone)
            : PageFault.NotFound(request);

    public async Task<IResult> ResumePushAsync(DashboardRequest request) =>
        await resume.RunAsync(request.Call, request.UserId(), request.Aborted)
            ? UserActions.Back(request, UserTexts.ResumeDone)
            : PageFault.NotFound(request);
}
