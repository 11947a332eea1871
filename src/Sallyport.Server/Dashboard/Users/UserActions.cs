using System.Text.Json;
using Sallyport.Server.Connections;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Users;

namespace Sallyport.Server.Dashboard.Users;

/// <summary>The forms that create, block, unlock and delete users.</summary>
internal sealed class UserActions(CreateUser create, PatchUser patch, UnblockUser unblock, DeleteUser delete, UserQueries users)
{
    public const string EmailField = "email";
    public const string NameField = "name";
    public const string PasswordField = "password";
    public const string ConnectionField = "connection";

    public async Task<IResult> CreateAsync(DashboardRequest request)
    {
        var (email, name, password) = (request.Field(EmailField), request.Field(NameField), request.Password(PasswordField));
        var connection = request.Field(ConnectionField) is { Length: > 0 } chosen ? chosen : Connection.DefaultName;
        var faults = new FormFaults();
        if (email.Length == 0 || !new MailAddressAttribute().IsValid(email))
        {
            faults[EmailField] = UserTexts.EmailInvalid;
        }

        if (name.Length > UserRules.MaxNameLength)
        {
            faults[NameField] = UserTexts.NameTooLong(UserRules.MaxNameLength);
        }

        if (faults.Any)
        {
            return Refuse();
        }

        var (outcome, user) = await create.RunAsync(
            new CreateUserRequest
            {
                Connection = connection,
                Email = email,
                Name = name.Length == 0 ? null : name,
                Password = password.Length == 0 ? null : password,
            },
            request.Call,
            request.Aborted);
        switch (outcome)
        {
            case CreateUserOutcome.Created:
                return new DashboardRedirect(UserRoutes.Of(user!.UserId)) { Flash = UserTexts.CreateDone(email) };
            case CreateUserOutcome.PasswordTooShort:
                faults[PasswordField] = UserTexts.PasswordTooShort;
                break;
            case CreateUserOutcome.ConnectionNotFound:
                faults[ConnectionField] = UserTexts.ConnectionNotFound;
                break;
            case CreateUserOutcome.UserExists or CreateUserOutcome.TooMuchMetadata:
                faults[EmailField] = UserTexts.UserExists;
                break;
        }

        return Refuse();

        PageResult<NewUserPage> Refuse() => new(request, StatusCodes.Status400BadRequest)
        {
            Parameters =
            {
                [nameof(NewUserPage.Faults)] = faults, [nameof(NewUserPage.Email)] = email, [nameof(NewUserPage.Name)] = name,
                [nameof(NewUserPage.Connection)] = connection,
            },
        };
    }

    public async Task<IResult> SetBlockedAsync(DashboardRequest request, bool isBlocked)
    {
        using var sent = JsonDocument.Parse(isBlocked ? """{"blocked":true}""" : """{"blocked":false}""");
        var change = new UserPatch(new PatchUserRequest { Blocked = isBlocked }, sent.RootElement);
        var (outcome, _) = await patch.RunAsync(request.UserId(), change, request.Call, request.Aborted);
        return outcome == PatchUserOutcome.Patched ? Back(request, isBlocked ? UserTexts.BlockDone : UserTexts.UnblockDone) : PageFault.NotFound(request);
    }

    public async Task<IResult> UnlockAsync(DashboardRequest request) =>
        await unblock.RunAsync(request.UserId(), request.Call, request.Aborted) ? Back(request, UserTexts.UnlockDone) : PageFault.NotFound(request);

    /// <summary>The address of the user has to be typed.</summary>
    public async Task<IResult> DeleteAsync(DashboardRequest request)
    {
        if (await users.FindAsync(request.Call.Tenant, request.UserId(), request.Aborted) is not { } user)
        {
            return PageFault.NotFound(request);
        }

        var who = user.Email ?? user.UserId;
        if (!string.Equals(request.Field(ConfirmForm.TypedField), who, StringComparison.OrdinalIgnoreCase))
        {
            return new PageResult<UserQuestionPage>(request, StatusCodes.Status400BadRequest)
            {
                Parameters = { [nameof(UserQuestionPage.Faults)] = new FormFaults { [ConfirmForm.TypedField] = UserTexts.TypedWrong } },
            };
        }

        await delete.RunAsync(user.UserId, request.Call, request.Aborted);
        return new DashboardRedirect(UserRoutes.List) { Flash = UserTexts.DeleteDone(who) };
    }

    /// <summary>Shows the page of the user again.</summary>
    public static DashboardRedirect Back(DashboardRequest request, string flash) => new(UserRoutes.Of(request.UserId())) { Flash = flash };
}
