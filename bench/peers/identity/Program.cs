// ASP.NET Core Identity as shipped, with its Entity Framework store on PostgreSQL. /verify-totp is the page "LoginWith2fa" of the framework's templates.
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDbContextPool<PeerDatabase>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("Peer")));
builder.Services.AddIdentity<IdentityUser, IdentityRole>()
    .AddEntityFrameworkStores<PeerDatabase>()
    .AddDefaultTokenProviders()
    .AddSignInManager<PeerSignInManager>();
var app = builder.Build();

// Before the measurement: a user with an authenticator app.
app.MapPost("/enroll", async (EnrollRequest request, UserManager<IdentityUser> users) =>
{
    var user = new IdentityUser(request.User) { TwoFactorEnabled = true };
    Require(await users.CreateAsync(user));
    Require(await users.SetAuthenticationTokenAsync(user, "[AspNetUserStore]", "AuthenticatorKey", request.Key));
    return Results.NoContent();
});

// Before the measurement: the password of the user was right.
app.MapPost("/start", async (StartRequest request, PeerSignInManager signIn, UserManager<IdentityUser> users) =>
    await users.FindByNameAsync(request.User) is { } user && (await signIn.StartAsync(user)).RequiresTwoFactor
        ? Results.NoContent()
        : Results.Problem("No second factor is asked for."));

app.MapPost("/verify-totp", async (CodeRequest request, SignInManager<IdentityUser> signIn) =>
{
    var result = await signIn.TwoFactorAuthenticatorSignInAsync(request.Code, isPersistent: false, rememberClient: false);
    return Results.Json(
        new { accepted = result.Succeeded, locked = result.IsLockedOut },
        statusCode: result.Succeeded ? 200 : result.IsLockedOut ? 423 : 401);
});

await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<PeerDatabase>().Database.EnsureCreatedAsync();
}

app.Run();

static void Require(IdentityResult result)
{
    if (!result.Succeeded)
    {
        throw new InvalidOperationException(result.ToString());
    }
}

internal sealed record EnrollRequest(string User, string Key);

internal sealed record StartRequest(string User);

internal sealed record CodeRequest(string Code);

internal sealed class PeerDatabase(DbContextOptions<PeerDatabase> options) : IdentityDbContext(options);

/// <summary>Makes the step after the password check public. Everything else is the framework's.</summary>
internal sealed class PeerSignInManager(
    UserManager<IdentityUser> users, IHttpContextAccessor context, IUserClaimsPrincipalFactory<IdentityUser> claims,
    IOptions<IdentityOptions> options, ILogger<SignInManager<IdentityUser>> logger, IAuthenticationSchemeProvider schemes,
    IUserConfirmation<IdentityUser> confirmation)
    : SignInManager<IdentityUser>(users, context, claims, options, logger, schemes, confirmation)
{
    public Task<SignInResult> StartAsync(IdentityUser user) => SignInOrTwoFactorAsync(user, isPersistent: false);
}
