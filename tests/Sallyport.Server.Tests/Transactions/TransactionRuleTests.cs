using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>The rules of <see cref="Transaction"/> and <see cref="TransactionView"/>, without a server.</summary>
public sealed class TransactionRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> AllEnabled = [FactorNames.Otp, FactorNames.Email, FactorNames.RecoveryCode];

    [Fact]
    public void A_transaction_is_alive_until_it_expires()
    {
        Enrollment().IsAlive(Now).ShouldBeTrue();
        Enrollment().IsAlive(Enrollment().ExpiresAt).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Pending", true)]
    [InlineData("Rejected", true)]
    [InlineData("Accepted", false)]
    public void Only_an_accepted_transaction_refuses_a_response(string state, bool takesResponses) =>
        (Enrollment() with { State = Enum.Parse<TransactionState>(state) }).TakesResponses.ShouldBe(takesResponses);

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    public void A_second_enrollment_needs_an_origin_that_allows_it(bool allowsMultiple, bool isEnrolled, bool mayEnroll) =>
        (Enrollment() with { AllowMultipleEnrollments = allowsMultiple }).MayEnroll(isEnrolled).ShouldBe(mayEnroll);

    /// <summary>The holder of a transaction token may be in another browser than the one that is remembered.</summary>
    [Theory]
    [InlineData(Waiver.RememberedBrowser)]
    [InlineData(Waiver.Policy)]
    public void A_result_without_a_second_factor_is_for_the_application_alone(string waiver)
    {
        var view = View(Enrollment() with { Enrolls = false, State = TransactionState.Accepted, WaivedBy = waiver }, Confirmed("otp", "app"));

        view.IsAlive(Now).ShouldBeFalse();
        view.IsUsable(Now).ShouldBeTrue();
        view.IsUsable(Enrollment().ExpiresAt).ShouldBeFalse();
    }

    [Fact]
    public void The_number_of_remaining_attempts_is_never_negative()
    {
        (Enrollment() with { WrongCodes = 9 }).WrongCodesLeft.ShouldBe(1);
        (Enrollment() with { WrongCodes = 11 }).WrongCodesLeft.ShouldBe(0);
    }

    [Fact]
    public void While_a_transaction_enrolls_only_its_pending_enrollments_may_answer()
    {
        var view = View(Enrollment(), Pending("otp", "mine"), Pending("otp", "other", transactionId: "txn_other"), Pending("recovery-code", "code"), Confirmed("otp", "old"));

        view.Candidates.Select(candidate => candidate.Id).ShouldBe(["mine"]);
    }

    [Fact]
    public void At_sign_in_every_confirmed_authenticator_of_an_enabled_factor_may_answer()
    {
        var view = View(Enrollment() with { Enrolls = false }, Confirmed("otp", "app"), Confirmed("recovery-code", "code"), Confirmed("sms", "phone"), Pending("otp", "pending"));

        view.Candidates.Select(candidate => candidate.Id).ShouldBe(["app", "code"]);
    }

    [Fact]
    public void An_enrollment_without_pending_authenticators_is_superseded()
    {
        View(Enrollment(), Pending("otp", "mine")).IsSuperseded.ShouldBeFalse();
        View(Enrollment()).IsSuperseded.ShouldBeTrue();
        View(Enrollment() with { State = TransactionState.Accepted }).IsSuperseded.ShouldBeFalse();
        View(Enrollment() with { Enrolls = false }).IsSuperseded.ShouldBeFalse();
    }

    [Fact]
    public void A_superseded_enrollment_is_reported_only_while_the_user_is_enrolled()
    {
        View(Enrollment()).IsAlive(Now).ShouldBeFalse();
        View(Enrollment(), Confirmed("otp", "winner")).IsAlive(Now).ShouldBeTrue();
    }

    [Fact]
    public void An_accepted_transaction_is_reported_only_while_its_proof_exists()
    {
        var accepted = Enrollment() with { State = TransactionState.Accepted, ProvedBy = "app" };

        View(accepted, Confirmed("otp", "app")).IsAlive(Now).ShouldBeTrue();
        View(accepted, Confirmed("otp", "another")).IsAlive(Now).ShouldBeFalse();
    }

    [Fact]
    public void Polling_hides_existing_enrollments_while_another_one_is_enrolled()
    {
        var more = Enrollment() with { AllowMultipleEnrollments = true };

        View(more, Confirmed("otp", "old"), Pending("otp", "mine")).PolledEnrollment.ShouldBeNull();
        View(more, Confirmed("otp", "old")).PolledEnrollment!.Id.ShouldBe("old");
        View(Enrollment(), Confirmed("otp", "old"), Pending("otp", "mine")).PolledEnrollment!.Id.ShouldBe("old");
    }

    [Fact]
    public void Sockets_report_their_own_enrollment_first_and_none_at_sign_in()
    {
        var own = Confirmed("otp", "mine") with { TransactionId = "txn" };

        View(Enrollment(), Confirmed("otp", "other"), own).AnnouncedEnrollment!.Id.ShouldBe("mine");
        View(Enrollment(), Confirmed("otp", "other")).AnnouncedEnrollment!.Id.ShouldBe("other");
        View(Enrollment() with { Enrolls = false }, Confirmed("otp", "other")).AnnouncedEnrollment.ShouldBeNull();
    }

    private static Transaction Enrollment() => new()
    {
        Tenant = TenantId.Default,
        Id = "txn",
        UserId = "auth0|1",
        Origin = "ticket",
        OriginId = [1],
        Enrolls = true,
        AllowMultipleEnrollments = false,
        State = TransactionState.Pending,
        CreatedAt = Now,
        ExpiresAt = Now + Transaction.Lifetime,
    };

    private static TransactionView View(Transaction transaction, params Authenticator[] authenticators) =>
        new(transaction) { Authenticators = authenticators, EnabledFactors = AllEnabled };

    private static Authenticator Pending(string factor, string id, string transactionId = "txn") => new()
    {
        Tenant = TenantId.Default,
        Id = id,
        UserId = "auth0|1",
        Factor = factor,
        IsEnrollment = factor != FactorNames.RecoveryCode,
        Status = AuthenticatorStatus.Pending,
        TransactionId = transactionId,
        Data = "{}",
        CreatedAt = Now,
    };

    private static Authenticator Confirmed(string factor, string id) =>
        Pending(factor, id) with { Status = AuthenticatorStatus.Confirmed, TransactionId = null, EnrolledAt = Now };
}
