namespace FitTrack.Core.Drawings;

/// <summary>Who does something that the audit log remembers.</summary>
/// <param name="UserId">An administrator; null for FitTrack itself.</param>
public sealed record Actor(Guid? UserId, string? IpAddress)
{
    public static readonly Actor System = new(null, null);
}
