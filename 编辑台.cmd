@echo off
rem Double-click: opens the desk in the browser. Linux, macOS: ./haopin desk
rem ASCII up to the change of the code page, in which cmd reads this file.
setlocal
title Haopin
rem A network folder gets a drive letter meanwhile.
pushd "%~dp0"
if not exist "haopin.cmd" goto packed
call ".\haopin.cmd" desk %*
set HAOPIN_CODE=%errorlevel%
popd
if "%HAOPIN_CODE%"=="0" exit /b 0
rem After a double-click the window would close with the reason.
pause
exit /b %HAOPIN_CODE%

:packed
popd
rem Double-clicked in the window of a zip, where only this file is unpacked.
chcp 65001 >nul
echo 请先把压缩包全部解压，再到解压出来的文件夹里双击。
echo Unpack the whole folder first, then double-click this file in it.
pause
exit /b 2
