namespace FitTrack.Core.Privacy;

/// <summary>
/// What one feature keeps about a member. Export, import and erasure go over all of these, so that none of the three can forget what the
/// others know; a test holds them together against every table that refers to a user.
/// </summary>
public interface IPersonalData
{
    IEnumerable<PersonalTable> Tables(Guid userId);

    /// <summary>Forgets what was of use for a while only, of everybody: it names people who may leave later.</summary>
    Task ForgetAsync(DateTimeOffset before, CancellationToken ct) => Task.CompletedTask;

    /// <summary>False while something is still owed to the member, such as a prize on its way: erasing waits.</summary>
    Task<bool> IsSettledAsync(Guid userId, CancellationToken ct) => Task.FromResult(true);
}
